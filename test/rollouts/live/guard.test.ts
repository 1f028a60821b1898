import { createServer, type Server } from 'node:http';
import autocannon from 'autocannon';
import { afterEach, describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/config.js';
import { type Clock, systemClock } from '../../../src/core/clock.js';
import { Lifecycle } from '../../../src/core/lifecycle.js';
import { FlagClient } from '../../../src/flags/client.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { openHttp } from '../../../src/parts/http.js';
import type { VariantTotals } from '../../../src/rollouts/guard-counts.js';
import type { RolloutEvent } from '../../../src/rollouts/guard-event.js';
import type { GuardPlan } from '../../../src/rollouts/guard-plan.js';
import { Rollouts } from '../../../src/rollouts/rollouts.js';
import { Variants } from '../../../src/signals/variants.js';
import { listen, pause, stopAll } from '../../http/harness.js';

const TICK_MS = 250;
let lifecycle = new Lifecycle();

afterEach(async () => {
  await stopAll();
  await lifecycle.stop(2_000);
  lifecycle = new Lifecycle();
});

const PLAN: GuardPlan = { stages: [10, 50, 100], minHold: 1, holdbackFor: 1, metrics: ['errors', 'latency'] };

interface Amiss {
  readonly plan?: GuardPlan;
  readonly clock?: Clock;
  /** What the guard reads of what was counted. */
  readonly counted?: (series: readonly VariantTotals[]) => readonly VariantTotals[];
}

/** A shop on real HTTP whose new checkout answers as `answers` says, given the share of users that have it. */
async function shop(
  answers: (percent: number, count: number) => Promise<number> | number,
  { plan = PLAN, clock = systemClock, counted = (series) => series }: Amiss = {},
) {
  const variants = new Variants(systemClock);
  const flags = new FlagClient(systemClock);
  const events: RolloutEvent[] = [];
  const statuses: Record<'on' | 'off', Record<number, number>> = { on: {}, off: {} };
  const rollouts = new Rollouts({
    clock,
    flags,
    variants: { series: () => counted(variants.series()) },
    intervalMs: TICK_MS,
    plans: { checkout: plan },
    events: [(event) => 'version' in event && events.push(event)],
  });
  openHttp(resolve({ service: 'shop' }, {}), [flags.observer(variants)], {}, lifecycle);
  rollouts.start();
  lifecycle.started('rollouts', () => rollouts.stop());
  flags.start({ sources: [memory({ flags: { checkout: { rollout: 0 } } })] });
  let count = 0;
  const server: Server = createServer((request, response) => {
    const fresh = flags.boolean('checkout', false, { targetingKey: request.url });
    const name = fresh ? 'on' : 'off';
    const percent = rollouts.states()[0]?.percent ?? 0;
    void Promise.resolve(fresh ? answers(percent, count++) : 200).then((status) => {
      statuses[name][status] = (statuses[name][status] ?? 0) + 1;
      response.writeHead(status).end();
    });
  });
  const port = await listen(server);
  let user = 0;
  const load = autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: 20,
    duration: 120,
    overallRate: 1500,
    requests: [{ setupRequest: (request) => ({ ...request, path: `/user-${user++}` }) }],
  });
  lifecycle.started('load', () => load.stop());
  return { events, statuses, rollouts, flags };
}

const named = (events: readonly RolloutEvent[]): string[] => events.map(({ event, to }) => `${event} ${to}`);

describe('a guarded rollout of a service under load', () => {
  test('takes a variant back that begins to fail at its second stage, and no one outside of it sees an error', async () => {
    const began = systemClock.monotonic();
    const { events, statuses, flags } = await shop((percent, count) => (percent >= 50 && count % 10 === 0 ? 500 : 200));
    await expect.poll(() => events.at(-1)?.event, { timeout: 55_000, interval: 100 }).toBe('rollout_rolled_back');
    const took = (events.at(-1)?.at ?? 0) - (events.at(-2)?.at ?? 0);
    console.info(
      `taken back ${took} ms after the stage began, ${Math.round(systemClock.monotonic() - began)} ms in all`,
    );
    expect(named(events)).toEqual(['rollout_started 10', 'rollout_advanced 50', 'rollout_rolled_back 0']);
    expect(events.at(-1)?.reason).toMatch(/^errors of "on"/);
    await pause(200); // what was on its way
    const seen = statuses.on[200];
    await pause(500);
    expect(statuses.on[200]).toBe(seen);
    expect(statuses.off).toEqual({ 200: expect.any(Number) });
    expect(flags.boolean('checkout', true, { targetingKey: 'anyone' })).toBe(false);
  });

  test('lets a healthy one arrive, by itself', async () => {
    const { events, statuses, rollouts } = await shop(() => 200);
    await expect.poll(() => rollouts.states()[0]?.status, { timeout: 55_000, interval: 100 }).toBe('done');
    expect(named(events)).toEqual([
      'rollout_started 10',
      'rollout_advanced 50',
      'rollout_advanced 95',
      'rollout_done 100',
    ]);
    expect(Object.keys(statuses.on)).toEqual(['200']);
  });

  test('takes nothing back for what goes wrong around it: a stall of 5 s, a clock set by an hour, counters reset, counts gone', async () => {
    let aheadMs = 0;
    let failing = 0;
    let isGone = false;
    let base: ReadonlyMap<string, VariantTotals> = new Map();
    let last: readonly VariantTotals[] = [];
    /** What each look has left the rollout waiting for, also where nobody asked in time. */
    const heard: string[] = [];
    let waited = (): string => '';
    const { events, rollouts } = await shop((_percent, count) => (count % 100 < failing ? 500 : 200), {
      plan: { stages: [50, 100], minHold: '1h', metrics: ['errors', 'latency'] },
      clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
      counted: (series) => {
        heard.push(waited());
        last = series.map(copied);
        return isGone ? [] : last.map((one) => since(base.get(one.variant), one));
      },
    });
    waited = () => rollouts.states()[0]?.missing.join('; ') ?? '';
    const soundAgain = () =>
      expect.poll(waited, { timeout: 30_000, interval: 20 }).toMatch(/^held for \d+ s of 3600 s$/);
    const isHeard = (what: RegExp) =>
      expect.poll(() => heard.some((one) => what.test(one)), { timeout: 20_000, interval: 20 }).toBe(true);
    await soundAgain();

    const until = systemClock.monotonic() + 5_000;
    while (systemClock.monotonic() < until); // nobody is answered, on either side
    await isHeard(/the process stood still for ([4-9]|\d\d) s/);
    await soundAgain();

    for (const hours of [1, -1, 0]) {
      aheadMs = hours * 3_600_000;
      await pause(4 * TICK_MS);
      await soundAgain();
    }

    base = new Map(last.map((one) => [one.variant, one]));
    await isHeard(/were reset/);
    await soundAgain();

    isGone = true;
    await isHeard(/are missing/);
    base = new Map(last.map((one) => [one.variant, one]));
    failing = 100; // what nobody has looked at comes in one piece after that
    await pause(2 * TICK_MS);
    failing = 0;
    await pause(TICK_MS); // what was on its way
    isGone = false;
    await soundAgain();
    expect(named(events)).toEqual(['rollout_started 50']);

    failing = 10;
    await expect.poll(() => events.at(-1)?.event, { timeout: 30_000, interval: 50 }).toBe('rollout_rolled_back');
  });
});

function copied({ flag, variant, total, errors, aborted, latency }: VariantTotals): VariantTotals {
  return { flag, variant, total, errors, aborted, latency: { counts: Array.from(latency.counts) } };
}

/** As if counting had begun with `base`. */
function since(base: VariantTotals | undefined, one: VariantTotals): VariantTotals {
  if (base === undefined) return one;
  return {
    ...one,
    total: one.total - base.total,
    errors: one.errors - base.errors,
    aborted: one.aborted - base.aborted,
    latency: { counts: Array.from(one.latency.counts, (count, i) => count - (base.latency.counts[i] ?? 0)) },
  };
}

import { createServer, type Server } from 'node:http';
import autocannon from 'autocannon';
import { afterEach, describe, expect, test } from 'vitest';
import { resolve } from '../../../src/config/config.js';
import { systemClock } from '../../../src/core/clock.js';
import { Lifecycle } from '../../../src/core/lifecycle.js';
import { FlagClient } from '../../../src/flags/client.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { openHttp } from '../../../src/parts/http.js';
import type { RolloutEvent } from '../../../src/rollouts/guard-event.js';
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

/** A shop on real HTTP whose new checkout answers as `answers` says, given the share of users that have it. */
async function shop(answers: (percent: number, count: number) => Promise<number> | number) {
  const variants = new Variants(systemClock);
  const flags = new FlagClient(systemClock);
  const events: RolloutEvent[] = [];
  const statuses: Record<'on' | 'off', Record<number, number>> = { on: {}, off: {} };
  const rollouts = new Rollouts({
    clock: systemClock,
    flags,
    variants,
    intervalMs: TICK_MS,
    plans: { checkout: { stages: [10, 50, 100], minHold: 1, holdbackFor: 1, metrics: ['errors', 'latency'] } },
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
});

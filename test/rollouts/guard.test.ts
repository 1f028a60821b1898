import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { diagnostics } from '../../src/core/diagnostics.js';
import { memory } from '../../src/flags/sources/memory.js';
import { declared, guard } from '../../src/rollouts/declared.js';
import { uncounted } from '../../src/rollouts/guard-metrics.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { SOUND, TICK_MS, type Town, town } from './town.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(() => {
  diagnostics.speakThrough(undefined);
  declared.plans.clear();
});

const MINUTES = 6;
const steps = ({ events }: Town): string[] => events.map(({ event, from, to }) => `${event.slice(8)} ${from}-${to}`);
const state = ({ rollouts }: Town) => rollouts.states()[0];

describe('a healthy variant', () => {
  test('reaches everyone stage by stage, by itself, and keeps who was in', () => {
    const here = town({ stages: [5, 25, 50, 100] });
    const shares: number[] = [];
    let before: string[] = [];
    for (let i = 0; i < 60 && state(here)?.status !== 'done'; i++) {
      here.live(1, 4000);
      const now = here.inside();
      expect(now).toEqual(expect.arrayContaining(before));
      before = now;
      const percent = state(here)?.percent ?? 0;
      if (shares.at(-1) !== percent) shares.push(percent);
    }
    here.live(60, 200);
    shares.push(state(here)?.percent ?? 0);
    expect(shares).toEqual([5, 25, 50, 95, 100]);
    expect(steps(here)).toEqual(['started 0-5', 'advanced 5-25', 'advanced 25-50', 'advanced 50-95', 'done 95-100']);
    expect(here.inside().length).toBe(1000);
  });

  test('is not advanced by time: without evidence it holds, and says what is missing', () => {
    const here = town({ stages: [1, 100], maxHold: '10m' });
    here.live(10 * MINUTES + 1, 100);
    expect(state(here)).toMatchObject({ status: 'inconclusive', percent: 1 });
    expect(state(here)?.missing.join('; ')).toMatch(/not enough evidence yet that errors of "on"|no request/);
    here.live(20 * MINUTES, 100);
    expect(steps(here)).toEqual(['started 0-1', 'inconclusive 1-1']);
  });

  test('stays for the minimum hold, however clear the evidence', () => {
    const here = town({ stages: [50, 100], minHold: '5m' });
    here.live(29, 4000);
    expect(state(here)).toMatchObject({ percent: 50, missing: ['held for 290 s of 300 s'] });
    here.live(1, 4000);
    expect(state(here)?.percent).toBe(95);
  });
});

describe('a variant that hurts', () => {
  test('is taken back within half a minute, for everyone, with the reason and the numbers', () => {
    const here = town({ stages: [5, 100] });
    here.live(3, 4000);
    here.habits = { off: SOUND, on: { errors: 0.12, seconds: 0.05 } };
    here.live(3, 4000);
    const event = here.events.at(-1);
    expect(event).toMatchObject({
      event: 'rollout_rolled_back',
      from: 5,
      to: 0,
      severity: 'critical',
      flag: 'checkout',
    });
    expect(event?.reason).toMatch(
      /^errors of "on" \(\d+ of \d+ bad\) are worse than of "off" \(\d+ of \d+\): evidence .*, the limit is 200$/,
    );
    expect(event?.evidence?.canaries['on']?.[0]).toMatchObject({ metric: 'errors', rollback: true });
    expect(here.inside()).toEqual([]);
    expect(here.flags.details('checkout', true)).toMatchObject({ value: false, reason: 'KILLED' });
    expect(state(here)).toMatchObject({ status: 'rolled_back', percent: 0 });
  });

  test('is taken back at the first look where half of its requests fail', () => {
    const here = town({ stages: [5, 100] });
    here.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    here.live(1, 2000);
    expect(here.events.at(-1)?.reason).toContain('half or more');
  });

  test('is taken back where it is slower and fails no more often', () => {
    const here = town({ stages: [10, 100] });
    here.live(3, 4000);
    here.habits = { off: SOUND, on: { errors: 0.01, seconds: 0.1 } };
    here.live(6, 4000);
    expect(here.events.at(-1)?.reason).toMatch(/^latency of "on"/);
  });

  test('stays off, whatever the document and the traffic say, until a person arms it again', () => {
    const here = town({ stages: [5, 100] });
    here.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    here.live(4, 2000);
    here.habits = { off: SOUND, on: SOUND };
    here.live(20, 1000);
    here.source.set({ flags: { checkout: { rollout: 50 } } });
    here.live(20, 1000);
    expect(state(here)?.status).toBe('rolled_back');
    expect(here.inside()).toEqual([]);
    expect(here.rollouts.rearm('checkout', 'fixed in 1.5.1')).toBe(true);
    expect(here.inside().length).toBeGreaterThan(20);
    here.live(30, 4000);
    expect(steps(here)).toEqual(['started 0-5', 'rolled_back 5-0', 'rearmed 0-5', 'advanced 5-95']);
    expect(here.events[2]).toMatchObject({ reason: 'fixed in 1.5.1', by: 'a person' });
    expect(here.rollouts.rearm('nobody')).toBe(false);
  });

  test('begins again with a version that has not been seen, and not with an old one', () => {
    const flag = (version: string) => ({ flags: { checkout: { rollout: 0, metadata: { version } } } });
    const here = town({ stages: [5, 100] }, { source: memory(flag('1')) });
    here.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    here.live(4, 2000);
    expect(here.inside()).toEqual([]);
    here.source.set(flag('2'));
    expect(here.inside().length).toBeGreaterThan(20);
    here.live(4, 2000);
    here.source.set(flag('1'));
    here.live(4, 2000);
    expect(here.inside()).toEqual([]);
    expect(steps(here)).toEqual(['started 0-5', 'rolled_back 5-0', 'rearmed 0-5', 'rolled_back 5-0']);
  });

  test('is taken back at the last stage too, as some have stayed behind', () => {
    const here = town({ stages: [50, 100], holdback: 10 });
    here.live(13, 4000);
    expect(state(here)).toMatchObject({ status: 'full', percent: 90 });
    here.habits = { off: SOUND, on: { errors: 0.06, seconds: 0.05 } };
    here.live(12, 4000);
    expect(state(here)?.status).toBe('rolled_back');
  });
});

describe('what is no fault of the variant takes nothing back', () => {
  const bad = { errors: 0.4, seconds: 0.3 };

  test('both variants are bad: the rollout pauses and pages, and goes on after that', () => {
    const here = town({ stages: [10, 100], minHold: '10m' });
    here.live(6, 2000);
    here.habits = { on: bad, off: bad };
    here.live(12, 2000);
    expect(state(here)).toMatchObject({ status: 'paused' });
    here.habits = { on: SOUND, off: SOUND };
    here.live(12, 2000);
    expect(steps(here)).toEqual(['started 0-10', 'paused 10-10', 'resumed 10-10']);
    expect(here.events[1]).toMatchObject({ severity: 'critical' });
    expect(here.events[1]?.reason).toContain('both variants are bad');
  });

  test('no data is held, and said', () => {
    const here = town({ stages: [10, 100] });
    here.live(12, 40);
    here.live(4, 0);
    expect(state(here)?.missing.join('; ')).toContain('no requests of "on" in the last 4 ticks');
    expect(steps(here)).toEqual(['started 0-10']);
  });

  /** Its monotonic clock can jump without any timer having run. */
  function stalling(): { clock: ReturnType<typeof manualClock>; stall(ms: number): void } {
    const inner = manualClock();
    let ahead = 0;
    const clock: Clock = { ...inner, monotonic: () => inner.monotonic() + ahead };
    return {
      clock: { ...inner, ...clock },
      stall: (ms) => {
        ahead += ms;
      },
    };
  }

  test('a stall of the event loop: what was counted in it is of no tick', () => {
    const { clock, stall } = stalling();
    const here = town({ stages: [10, 100] }, { clock });
    here.live(5, 1000);
    here.habits = { off: SOUND, on: { errors: 1, seconds: 5 } };
    stall(3 * TICK_MS);
    here.live(1, 2000);
    expect(state(here)?.missing).toEqual(['the process stood still for 30 s']);
    here.habits = { on: SOUND, off: SOUND };
    here.live(3, 2000);
    expect(steps(here)).toEqual(['started 0-10']);
    expect(state(here)?.status).toBe('ramping');
  });

  test.each([1, -1])('a wall clock that is set by %i h', (hours) => {
    const here = town({ stages: [10, 50, 100] });
    here.live(6, 1000);
    const decided = state(here)?.since;
    here.clock.setWall(here.clock.now() + hours * 3_600_000);
    here.live(2, 1000);
    expect(steps(here)).toEqual(['started 0-10']);
    expect(state(here)?.since).toBe(decided);
    here.habits = { off: SOUND, on: { errors: 0.3, seconds: 0.05 } };
    here.live(3, 4000);
    expect(state(here)?.status).toBe('rolled_back');
  });

  test('counters that begin anew', () => {
    let fresh = false;
    const totals = (total: number, errors: number) => ({ total, errors, aborted: 0, latency: { counts: [total] } });
    let tick = 0;
    const series = () => {
      tick++;
      const on = fresh ? totals(5, 5) : totals(50 * tick, 0);
      return [
        { flag: 'checkout', variant: 'on', ...on },
        { flag: 'checkout', variant: 'off', ...totals(950 * tick, tick) },
      ];
    };
    const here = town({ stages: [5, 100], metrics: ['errors'], minHold: '1h' }, { variants: { series } });
    here.clock.advance(10 * TICK_MS);
    fresh = true;
    here.clock.advance(TICK_MS);
    expect(state(here)?.missing).toEqual(['the counters of variant "on" were reset']);
    here.clock.advance(5 * TICK_MS);
    expect(steps(here)).toEqual(['started 0-5']);
  });

  test('counts that are gone for a while: what comes after it in one piece is of no tick', () => {
    let gone = false;
    let bad = 0;
    let tick = 0;
    const series = () => {
      tick++;
      if (gone) return [];
      const at = (variant: string, total: number, errors: number) => ({
        flag: 'checkout',
        variant,
        total,
        errors,
        aborted: 0,
        latency: { counts: [total] },
      });
      return [at('on', 50 * tick, bad), at('off', 950 * tick, tick)];
    };
    const here = town({ stages: [5, 100], metrics: ['errors'], minHold: '1h' }, { variants: { series } });
    here.clock.advance(10 * TICK_MS);
    gone = true;
    here.clock.advance(6 * TICK_MS);
    expect(state(here)?.missing[0]).toBe('no requests of "off" in the last 5 ticks');
    gone = false;
    bad = 300;
    here.clock.advance(TICK_MS);
    expect(state(here)?.missing).toEqual(['counting has begun']);
    here.clock.advance(5 * TICK_MS);
    expect(steps(here)).toEqual(['started 0-5']);
  });

  test('a source of counts that throws', () => {
    const series = () => {
      throw new Error('no');
    };
    const here = town({ stages: [5, 100] }, { variants: { series } });
    here.clock.advance(5 * TICK_MS);
    expect(steps(here)).toEqual(['started 0-5']);
    expect(said.join()).toContain('rollouts.variants threw');
  });

  test('a kill by a person: nothing is judged under it', () => {
    const here = town({ stages: [50, 100] });
    here.live(3, 1000);
    here.flags.kill('checkout', 'incident');
    here.live(30, 1000);
    expect(state(here)).toMatchObject({ status: 'holding', missing: ['the flag is under a kill'], percent: 50 });
    here.flags.lift('kill', 'checkout');
    expect(here.inside().length).toBeGreaterThan(400);
  });
});

describe('a plan', () => {
  test('stands in the metadata of a flag, and begins before anybody sees what the document gives', () => {
    const metadata = { 'guard.stages': '10, 100', 'guard.minHold': '1m', 'guard.metrics': 'errors' };
    const here = town(undefined, { source: memory({ flags: { checkout: { rollout: 100, metadata } } }) });
    expect(here.inside().length).toBeGreaterThan(60);
    expect(here.inside().length).toBeLessThan(140);
    here.live(12, 4000);
    expect(steps(here)).toEqual(['started 0-10', 'advanced 10-95']);
    here.source.set({ flags: { checkout: { rollout: 30 } } });
    expect(here.rollouts.states()).toEqual([]);
    expect(here.inside().length).toBeLessThan(400);
  });

  test('that stands in metadata and cannot be is said, and guards nothing', () => {
    const metadata = { 'guard.stages': '10, 5' };
    const here = town(undefined, { source: memory({ flags: { checkout: { rollout: 100, metadata } } }) });
    expect(said.join()).toContain('rising percents');
    expect(here.rollouts.states()).toEqual([]);
  });

  test('is declared before anything has started', () => {
    guard('checkout', { stages: [20, 100] });
    const here = town(undefined);
    expect(state(here)).toMatchObject({ flag: 'checkout', percent: 20 });
  });

  test('is declared when all has started', async () => {
    const here = town(undefined);
    guard('checkout', { stages: [30, 100] });
    expect(state(here)).toMatchObject({ flag: 'checkout', percent: 30 });
    await here.rollouts.stop();
    guard('another', {});
    expect(here.rollouts.states()).toHaveLength(1);
  });

  test.each([
    [{ stages: [] }, /stages is \[\]; expected rising percents/],
    [{ stages: [50, 5] }, /expected rising/],
    [{ stages: [50, 101] }, /expected rising/],
    [{ minHold: 'soon' }, /minHold is "soon"; expected seconds/],
    [{ alpha: 2 }, /alpha is 2; expected 0.000001 to 0.1/],
    [{ tolerence: 2 }, /no setting "tolerence"; did you mean "tolerance"/],
    [{ metrics: [] }, /metrics/],
  ])('of %j is refused at once', (plan, message) => {
    expect(() => guard('checkout', plan as object)).toThrow(message);
  });

  test('of a business metric counts what the service hands in', () => {
    let failed = 0;
    const business = (_flag: string, metric: string) =>
      metric === 'payments_failed'
        ? [
            { variant: 'on', bad: failed },
            { variant: 'off', bad: 10 },
          ]
        : [];
    const here = town({ stages: [20, 100], metrics: ['errors', 'payments_failed'] }, { business });
    here.live(2, 1000);
    for (let i = 0; i < 3; i++) {
      failed += 20;
      here.live(1, 1000);
    }
    expect(here.events.at(-1)?.reason).toMatch(/^payments_failed of "on" \(60 of/);
  });

  test('of a metric that nobody counts is said, as its rollout would wait for ever', () => {
    town({ metrics: ['latency', 'error'] });
    expect(said.join()).toMatch(
      /nobody counts "error", so its rollout never advances: did you mean "errors"\? Else hand/,
    );
    expect(uncounted('checkout', ['errors', 'carts_left'], false)).toContain(
      'never advances: hand its counts by variant in with observe({ rollouts: { business } }), or name errors, aborts, latency',
    );
    expect(uncounted('checkout', ['errors', 'carts_left'], true)).toBeUndefined();
    expect(uncounted('checkout', ['errors', 'latency', 'aborts'], false)).toBeUndefined();
  });

  test('of a hundred flags and one more: the last is not guarded, and that is said', () => {
    const here = town(undefined);
    for (let i = 0; i <= 100; i++) here.rollouts.guard(`flag-${i}`);
    expect(here.rollouts.states()).toHaveLength(100);
    expect(said.join()).toContain('"flag-100" is not');
  });
});

describe('an A/B test is a guard with one stage', () => {
  const PLAN = { stages: [50], holdbackFor: '30d', metrics: ['errors', 'latency', 'carts_left'] } as const;
  const ratios = (here: Town) =>
    Object.fromEntries(state(here)?.evidence?.canaries['on']?.map(({ metric, ratio }) => [metric, ratio]) ?? []);

  test('says that there is not enough data, and then the range of each ratio, for as long as it is asked to', () => {
    const left = { on: 0, off: 0 };
    const business = (_flag: string, metric: string) =>
      metric === 'carts_left' ? Object.entries(left).map(([variant, bad]) => ({ variant, bad })) : [];
    const here = town(PLAN, { business });
    here.habits = { off: { errors: 0.03, seconds: 0.05 }, on: { errors: 0.01, seconds: 0.05 } };
    here.live(2, 40);
    expect(ratios(here)).toMatchObject({
      errors: { low: null, high: null, missing: expect.stringMatching(/^not enough data: \d of 10 events$/) },
      carts_left: { low: null, high: null, missing: 'not enough data: 0 of 10 events' },
    });
    for (let tick = 0; tick < 90; tick++) {
      left.on += 50;
      left.off += 50;
      here.live(1, 1000);
    }
    const { errors, latency, carts_left } = ratios(here);
    expect(errors?.missing).toBeNull();
    expect(errors?.low).toBeLessThan(1 / 3);
    expect(errors?.high).toBeGreaterThan(1 / 3);
    expect(errors?.high).toBeLessThan(0.6);
    for (const same of [latency, carts_left]) {
      expect(same?.low).toBeGreaterThan(0.7);
      expect(same?.low).toBeLessThan(1);
      expect(same?.high).toBeGreaterThan(1);
      expect(same?.high).toBeLessThan(1.35);
    }
    expect(state(here)).toMatchObject({ status: 'full', percent: 50 });
    expect(steps(here)).toEqual(['started 0-50']);
  });
});

describe('what a page is told', () => {
  test('is plain data, bounded, with the evidence over time', () => {
    const here = town({ stages: [50, 100], minHold: '24h' });
    here.live(400, 50);
    const plain = state(here);
    expect(plain?.history).toHaveLength(360);
    expect(Object.keys(plain?.history[0]?.worse ?? {})).toEqual(['on.errors', 'on.latency']);
    expect(plain?.evidence?.canaries['on']?.[0]?.ratio.low).toBeLessThan(1);
    expect(JSON.parse(JSON.stringify(plain))).toMatchObject({ flag: 'checkout', stages: [50, 100] });
  });

  test('an event that a sink throws on reaches the others', () => {
    const heard: string[] = [];
    const throwing = () => {
      throw new Error('no');
    };
    town({ stages: [5] }, { events: [throwing, ({ event }) => heard.push(event)] });
    expect(heard).toEqual(['rollout_started']);
  });
});

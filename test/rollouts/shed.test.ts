import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import type { Saturation } from '../../src/core/saturation.js';
import { FlagClient } from '../../src/flags/client.js';
import { memory } from '../../src/flags/sources/memory.js';
import { GradientLimit } from '../../src/rollouts/gradient-limit.js';
import { Shedding, type ShedEvent } from '../../src/rollouts/shed.js';
import { Ladder, type Rung } from '../../src/rollouts/shed-ladder.js';
import { shedPlan } from '../../src/rollouts/shed-plan.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(() => diagnostics.speakThrough(undefined));

const RESOURCE = 'event-loop-utilization';
const ops = (order: number | boolean, more: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'on',
  metadata: { 'ops.shed': order, ...more },
});

function service(flagsOf: Record<string, object>) {
  const clock = manualClock();
  const source = memory({ flags: flagsOf });
  const flags = new FlagClient(clock).start({ sources: [source] });
  const events: ShedEvent[] = [];
  let saturation: Saturation = { worst: null, ratio: null, resources: {} };
  const shedding = new Shedding({ clock, flags, saturation: () => saturation, tell: (event) => events.push(event) });
  shedding.start();
  return {
    flags,
    source,
    shedding,
    steps: () => events.splice(0).map(({ event, flag }) => `${event.slice(5)} ${flag}`),
    /** Seconds at that ratio. */
    at: (ratio: number | undefined, seconds: number, resource = RESOURCE) => {
      saturation = {
        worst: null,
        ratio: null,
        resources: ratio === undefined ? {} : { [resource]: { ratio, readings: {} } },
      };
      clock.advance(seconds * 1000);
    },
  };
}

describe('ops flags under load', () => {
  const FLAGS = { suggestions: ops(1), search: ops(2), exports: ops(3), checkout: { ...ops(1), metadata: {} } };

  test('go off in their order, one by one, within five seconds, and come back in reverse', () => {
    const { at, steps, flags } = service(FLAGS);
    at(0.95, 5);
    expect(steps()[0]).toBe('shed suggestions');
    expect(flags.details('suggestions', true)).toMatchObject({ value: false, reason: 'OPS_SHED' });
    at(0.95, 20);
    expect(steps()).toEqual(['shed search', 'shed exports']);
    expect(flags.boolean('checkout', false)).toBe(true);
    at(0.5, 200);
    expect(steps()).toEqual(['restored exports', 'restored search', 'restored suggestions']);
    expect(flags.boolean('suggestions', false)).toBe(true);
  });

  test('stay as they are between the two thresholds, off or on', () => {
    const { at, steps } = service(FLAGS);
    at(0.85, 600);
    expect(steps()).toEqual([]);
    at(0.95, 4);
    expect(steps()).toEqual(['shed suggestions']);
    at(0.85, 600);
    expect(steps()).toEqual([]);
  });

  test('are not moved by one reading, and not by none', () => {
    const { at, steps } = service(FLAGS);
    for (let i = 0; i < 20; i++) {
      at(2, 1);
      at(0.3, 1);
    }
    at(undefined, 60);
    expect(steps()).toEqual([]);
  });

  test('do not flap: each time it is worse again at once, the hold is twice as long', () => {
    const { at, steps } = service({ suggestions: ops(1) });
    let moves = 0;
    let off = false;
    for (let second = 0; second < 1800; second++) {
      at(off ? 0.4 : 0.95, 1); // what it costs is the whole load
      for (const step of steps()) {
        moves++;
        off = step.startsWith('shed');
      }
    }
    expect(moves).toBeLessThanOrEqual(14);
  });

  test('of a resource that nobody measures are never shed', () => {
    const { at, steps } = service({ suggestions: ops(true, { 'ops.resource': 'gpu' }) });
    at(1, 60);
    expect(steps()).toEqual([]);
    at(1, 60, 'gpu');
    expect(steps()).toEqual(['shed suggestions']);
  });

  test('under a kill or an override are left to whoever decided that', () => {
    const { at, steps, flags } = service(FLAGS);
    flags.override('suggestions', true);
    at(0.95, 5);
    expect(steps()).toEqual(['shed search']);
    expect(flags.boolean('suggestions', false)).toBe(true);
    flags.lift('override', 'suggestions');
    at(0.95, 2);
    expect(steps()).toEqual(['shed suggestions']);
  });

  test('are found when they come, and no flag is read while none changes', () => {
    const { at, steps, source, flags } = service({ checkout: FLAGS.checkout });
    at(0.95, 30);
    source.set({ flags: FLAGS });
    const read = vi.spyOn(flags, 'snapshot');
    at(0.95, 5);
    expect(steps()).toEqual(['shed suggestions']);
    expect(read).not.toHaveBeenCalled();
  });

  test('come back when they are ops flags no more, and when the process stops', () => {
    const { at, steps, flags, source, shedding } = service(FLAGS);
    at(0.95, 30);
    steps();
    source.set({ flags: { ...FLAGS, search: { ...FLAGS.search, metadata: {} } } });
    at(0.95, 1);
    expect(steps()).toEqual(['restored search']);
    shedding.stop();
    expect(flags.boolean('suggestions', false)).toBe(true);
  });

  test('whose plan cannot be are said, and never shed', () => {
    const { at, steps } = service({ suggestions: ops(1, { 'ops.above': 0.5, 'ops.below': 0.6 }) });
    at(1, 60);
    expect(steps()).toEqual([]);
    expect(said.join()).toContain('ops.below is 0.6; expected less than ops.above, 0.5');
  });
});

describe('a ladder', () => {
  test('keeps its order and its holds, whatever the load', () => {
    const load = fc.array(fc.tuple(fc.double({ min: 0, max: 1.2, noNaN: true }), fc.integer({ min: 1, max: 40 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(load, (all) => {
        const rungs: Rung[] = ['a', 'b', 'c'].flatMap((flag, i) => {
          const plan = shedPlan(flag, { 'ops.shed': i });
          return plan === undefined ? [] : [{ flag, plan }];
        });
        const ladder = new Ladder();
        ladder.set([...rungs].reverse());
        const offAt = new Map<string, number>();
        let nowMs = 0;
        for (const [ratio, seconds] of all) {
          for (let i = 0; i < seconds; i++) {
            nowMs += 1000;
            const move = ladder.look(ratio, nowMs);
            expect(['', 'a', 'ab', 'abc']).toContain(ladder.off.join(''));
            if (move?.what === 'shed') {
              expect(ratio).toBeGreaterThan(0.9);
              offAt.set(move.rung.flag, nowMs);
            }
            if (move?.what === 'restore') {
              expect(ratio).toBeLessThan(0.8);
              expect(nowMs - (offAt.get(move.rung.flag) ?? nowMs)).toBeGreaterThanOrEqual(30_000);
            }
          }
        }
      }),
    );
  });
});

describe('the gradient limit', () => {
  /** Requests one after the other at that many at a time, each of `ms(inFlight)`. */
  function run(limit: GradientLimit, rounds: number, ms: (inFlight: number) => number): void {
    for (let i = 0; i < rounds; i++) {
      while (limit.acquire()) {
        // as many as there is room for
      }
      const taken = limit.inFlight;
      for (let n = 0; n < taken; n++) limit.release(ms(taken));
    }
  }

  test('grows while latency stays, and never beyond the most', () => {
    const limit = new GradientLimit({ most: 200 });
    run(limit, 200, () => 10);
    expect(limit.limit).toBe(200);
  });

  test('falls when requests begin to queue, and never below the least', () => {
    const limit = new GradientLimit({ start: 50 });
    run(limit, 20, () => 10);
    const before = limit.limit;
    run(limit, 20, () => 200);
    expect(limit.limit).toBeLessThan(before / 2);
    expect(limit.limit).toBeGreaterThanOrEqual(4);
  });

  test('finds about what a service does at a time', () => {
    const limit = new GradientLimit({ start: 20 });
    run(limit, 300, (inFlight) => 10 * Math.max(1, inFlight / 40));
    expect(limit.limit).toBeGreaterThan(30);
    expect(limit.limit).toBeLessThan(120);
  });

  test('lets in no more than it is, and learns nothing of the aborted and of idle times', () => {
    const limit = new GradientLimit({ start: 10 });
    expect(Array.from({ length: 12 }, () => limit.acquire())).toEqual([...new Array(10).fill(true), false, false]);
    for (let i = 0; i < 10; i++) limit.release(undefined);
    for (let i = 0; i < 1000; i++) {
      limit.acquire();
      limit.release(10);
    }
    expect([limit.limit, limit.inFlight]).toEqual([10, 0]);
  });

  test.each([{ start: 2 }, { least: 0 }, { most: 10 }, { tolerance: 0.5 }])('%j is refused', (options) => {
    expect(() => new GradientLimit(options)).toThrow(TypeError);
  });
});

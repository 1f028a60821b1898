import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine } from '../../../src/alerts/engine/engine.js';
import { lint } from '../../../src/alerts/lint/lint.js';
import type { AlertRule } from '../../../src/alerts/rule.js';
import type { RouteSeries } from '../../../src/signals/series.js';
import { HandClock } from '../hand-clock.js';
import { snapshotOf } from '../snapshot.js';

const STEP_MS = 10_000;
const LATE_MS = 25_000;
const HOUR_MS = 3_600_000;

/** Fires on what totals grew by, at the second look that is beyond: a base that is wrong for one window is enough. */
const rule: AlertRule = {
  ...{ name: 'High', severity: 'critical', signal: 'errors.ratio', fireAbove: 0.05, resolveBelow: 0.04, window: '5m' },
  ...{ for: '10s', keepFiringFor: 0, minSamples: 10, action: 'roll back the last release' },
};

interface Moment {
  readonly requests: number;
  /** 0 to 1, of the largest share that fails. */
  readonly failing: number;
  readonly afterMs: number;
  readonly wallJumpMs: number;
  /** Counters begin anew before these requests come; where these are more than all before them, nobody could tell. */
  readonly isReset: boolean;
}

const moment = fc.record({
  requests: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 5000 })),
  failing: fc.double({ min: 0, max: 1, noNaN: true }),
  afterMs: fc.oneof(
    { weight: 12, arbitrary: fc.constant(STEP_MS) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: LATE_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: LATE_MS + 1, max: HOUR_MS }) },
  ),
  wallJumpMs: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(HOUR_MS, -HOUR_MS) },
  ),
  isReset: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
const story = fc.array(moment, { minLength: 20, maxLength: 80 });

/** Whether it fires after each moment, when the share of requests that fail is between these two. */
function lived(moments: readonly Moment[], least: number, most: number): boolean[] {
  const clock = new HandClock(STEP_MS);
  let counts = { total: 0, errors: 0 };
  const requests = (): RouteSeries[] => [
    { method: 'GET', route: '/', ...counts, abortedBeforeHeaders: 0, abortedMidResponse: 0 } as RouteSeries, // what readers read
  ];
  const engine = new Engine(clock, { snapshot: () => snapshotOf(), requests });
  for (const one of lint([rule]).rules) engine.add(one);
  engine.evaluate();
  return moments.map((one) => {
    if (one.isReset && counts.total > one.requests) counts = { total: 0, errors: 0 };
    const errors = Math.floor(one.requests * (least + (most - least) * one.failing));
    counts = { total: counts.total + one.requests, errors: counts.errors + errors };
    clock.tick(one.afterMs, one.wallJumpMs);
    engine.evaluate();
    return engine.all().some(({ firing }) => firing);
  });
}

test('counters that begin anew, whenever they do, make no errors out of none', () => {
  fc.assert(
    fc.property(story, (moments) => {
      expect(lived(moments, 0, 0.045)).not.toContain(true);
    }),
    { numRuns: 500, seed: 11 },
  );
});

test('and end no episode: what fires goes on', () => {
  let fired = 0;
  fc.assert(
    fc.property(story, (moments) => {
      const firing = lived(moments, 0.06, 0.9);
      const first = firing.indexOf(true);
      if (first === -1) return;
      fired++;
      expect(firing.slice(first)).not.toContain(false);
    }),
    { numRuns: 500, seed: 12 },
  );
  expect(fired).toBeGreaterThan(300); // else nothing was tested
});

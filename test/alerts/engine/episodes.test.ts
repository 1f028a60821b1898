import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Alerts } from '../../../src/alerts/alerts.js';
import { Declared } from '../../../src/alerts/declared.js';
import type { AlertRule } from '../../../src/alerts/rule.js';
import type { Alert } from '../../../src/alerts/sinks/alert.js';
import { HandClock } from '../hand-clock.js';
import { settled } from '../harness.js';
import { errorsOf, snapshotOf } from '../snapshot.js';

const FOR_MS = 60_000;
const KEEP_MS = 30_000;
const LATE_MS = 25_000;

const rule: AlertRule = {
  name: 'High',
  severity: 'critical',
  signal: 'errors.ratio',
  fireAbove: 0.09,
  resolveBelow: 0.05,
  for: '1m',
  keepFiringFor: '30s',
  action: 'roll back the last release',
  runbook: 'https://runbooks.example/high',
};

type Sight = 'beyond' | 'band' | 'clear' | 'few' | 'nothing';

const values: Record<Sight, [number | null, number]> = {
  beyond: [0.2, 1000],
  band: [0.07, 1000],
  clear: [0.01, 1000],
  few: [0.9, 5],
  nothing: [null, 0],
};

interface Moment {
  readonly sight: Sight;
  readonly afterMs: number;
  readonly wallJumpMs: number;
}

const HOUR = 3_600_000;
const sight = fc.constantFrom<Sight>('beyond', 'band', 'clear', 'few', 'nothing');
const moment = fc.record({
  afterMs: fc.oneof(
    { weight: 12, arbitrary: fc.constant(10_000) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: LATE_MS }) }, // a little early or late
    { weight: 1, arbitrary: fc.integer({ min: LATE_MS + 1, max: 2 * HOUR }) }, // the loop stood still
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  wallJumpMs: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(HOUR, -HOUR) },
  ),
});
/** Sights come in runs, else nothing would ever hold. */
const story = fc
  .array(fc.tuple(sight, fc.array(moment, { minLength: 1, maxLength: 14 })), { minLength: 1, maxLength: 14 })
  .map((runs) => runs.flatMap(([sight, moments]) => moments.map((one): Moment => ({ sight, ...one }))));

interface Step extends Moment {
  readonly firing: boolean;
}

/** What came of a story: after each moment whether it fires, and what was told. */
async function lived(moments: readonly Moment[]): Promise<{ steps: Step[]; told: Alert[] }> {
  const clock = new HandClock(10_000);
  const told: Alert[] = [];
  let snapshot = snapshotOf();
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };
  const alerts = new Alerts({
    clock,
    log: silent,
    origin: { service: 's' },
    snapshot: () => snapshot,
    rules: [rule],
    defaults: false,
    declared: new Declared(),
    sinks: [(alert) => told.push(alert)],
  });
  alerts.start();
  clock.tick(10_000);
  const steps: Step[] = [];
  for (const one of moments) {
    const [ratio, requests] = values[one.sight];
    snapshot = snapshotOf(errorsOf(ratio, requests));
    clock.tick(one.afterMs, one.wallJumpMs);
    await settled();
    const state = alerts.states()[0]?.state;
    steps.push({ ...one, firing: state === 'firing' || state === 'recovering' });
  }
  return { steps, told };
}

const isGap = ({ afterMs }: Moment): boolean => afterMs > LATE_MS || afterMs === 0;

/** For how long, up to the last step, only such sights were seen; time that nobody has watched does not count. */
function heldMs(steps: readonly Step[], wanted: Sight, pausing: readonly Sight[]): number {
  let held = 0;
  for (const [i, step] of [...steps].reverse().entries()) {
    const before = steps[steps.length - 2 - i];
    if (isGap(step) || pausing.includes(step.sight)) continue;
    if (step.sight !== wanted) break;
    if (before !== undefined && earlier(steps, steps.length - 2 - i, wanted, pausing)) held += step.afterMs;
  }
  return held;
}

/** Whether what was seen before that step, apart from pauses, was the same. */
function earlier(steps: readonly Step[], from: number, wanted: Sight, pausing: readonly Sight[]): boolean {
  for (let i = from; i >= 0; i--) {
    const step = steps[i] as Step;
    if (!isGap(step) && !pausing.includes(step.sight)) return step.sight === wanted;
  }
  return false;
}

const changes = (steps: readonly Step[], to: boolean): number[] =>
  steps.flatMap(({ firing }, i) => (firing === to && firing !== (steps[i - 1]?.firing ?? false) ? [i] : []));

describe('under random values, gaps, stalls and jumps of the wall clock', () => {
  test('it never fires before it has held, and never in a step that comes too late', async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(story, async (moments) => {
        const { steps } = await lived(moments);
        for (const at of changes(steps, true)) {
          fired++;
          expect(isGap(steps[at] as Step)).toBe(false);
          expect(heldMs(steps.slice(0, at + 1), 'beyond', ['few'])).toBeGreaterThanOrEqual(FOR_MS);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(fired).toBeGreaterThan(50); // else nothing was tested
  });

  test('it resolves only after the safe side has held, never within the band, and never in a step that comes too late', async () => {
    let resolved = 0;
    await fc.assert(
      fc.asyncProperty(story, async (moments) => {
        const { steps } = await lived(moments);
        for (const at of changes(steps, false)) {
          resolved++;
          expect(isGap(steps[at] as Step)).toBe(false);
          expect(heldMs(steps.slice(0, at + 1), 'clear', ['few', 'nothing'])).toBeGreaterThanOrEqual(KEEP_MS);
        }
      }),
      { numRuns: 300, seed: 8 },
    );
    expect(resolved).toBeGreaterThan(30);
  });

  test('it fires as soon as it has held', async () => {
    const beyond = Array.from({ length: 7 }, (): Moment => ({ sight: 'beyond', afterMs: 10_000, wallJumpMs: 0 }));
    await fc.assert(
      fc.asyncProperty(story, async (moments) => {
        const { steps } = await lived([...moments, ...beyond]);
        expect(steps.at(-1)?.firing).toBe(true);
      }),
      { numRuns: 100, seed: 9 },
    );
  });

  test('each episode is told once when it begins and once when it ends, with times in order', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (moments) => {
        const { steps, told } = await lived(moments);
        const begun = changes(steps, true).length;
        const ended = changes(steps, false).length;
        expect(told.filter(({ status }) => status === 'firing')).toHaveLength(begun);
        expect(told.filter(({ status }) => status === 'resolved')).toHaveLength(ended);
        for (const [i, { status, startsAtMs, endsAtMs }] of told.entries()) {
          expect(status).toBe(i % 2 === 0 ? 'firing' : 'resolved');
          expect(endsAtMs ?? startsAtMs).toBeGreaterThanOrEqual(startsAtMs);
        }
      }),
      { numRuns: 300, seed: 10 },
    );
  });
});

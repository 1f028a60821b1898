import { describe, expect, test } from 'vitest';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended } from '../support/exchanges.js';
import { lognormal, random } from '../support/random.js';

const SAMPLES = 100_000;
const idle = () => ({ worst: null, ratio: null, resources: {} });

type Shape = (next: () => number) => number;

/** Each gives one latency in ms. */
const shapes: Record<string, Shape> = {
  'lognormal around 0.3 ms': (next) => lognormal(next, 0.3, 0.6),
  'lognormal around 1.2 ms': (next) => lognormal(next, 1.2, 0.6),
  'lognormal around 20 ms': (next) => lognormal(next, 20, 0.6),
  'lognormal around 120 ms': (next) => lognormal(next, 120, 0.6),
  'two humps at 4 ms and 850 ms': (next) => lognormal(next, next() < 0.9 ? 4 : 850, 0.25),
  'a heavy tail (Pareto 1.3) up to 50 s': (next) => Math.min(50_000, 5 / (1 - next()) ** (1 / 1.3)),
};

const percentiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** Records the shape over the whole window and gives what was seen beside what is so. */
function observed(shape: Shape, seed: number) {
  const clock = manualClock();
  const signals = new Signals(clock, idle);
  const next = random(seed);
  const values = new Float64Array(SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    if (i % (SAMPLES / 10) === 0) clock.advance(5900);
    values[i] = shape(next);
    signals.end(ended({ endedMs: clock.monotonic(), durationMs: values[i] as number }));
  }
  const { latency } = signals.snapshot();
  return { latency, values: values.sort() };
}

describe.each(Object.entries(shapes))('%s', (_name, shape) => {
  const { latency, values } = observed(shape, 1926);

  test.each(Object.entries(percentiles))('%s is within 1 % of the exact order statistic', (name, share) => {
    const exact = (values[Math.ceil(share * SAMPLES) - 1] as number) / 1000;
    const told = latency[name as keyof typeof percentiles] as number;
    expect(Math.abs(told / exact - 1)).toBeLessThan(0.01);
  });

  test('count, mean and max are exact', () => {
    expect(latency.count).toBe(SAMPLES);
    expect(latency.max).toBeCloseTo((values[SAMPLES - 1] as number) / 1000, 9);
    expect(latency.mean).toBeCloseTo(values.reduce((sum, ms) => sum + ms, 0) / SAMPLES / 1000, 9);
  });
});

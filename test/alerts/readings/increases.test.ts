import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Increases } from '../../../src/alerts/readings/increases.js';

test('grows are told over the window, once there is something before to compare with', () => {
  const increases = new Increases();
  expect(increases.of('a', 100, 60_000, 0)).toBeUndefined();
  expect(increases.of('a', 110, 60_000, 10_000)).toEqual({ amount: 10, seconds: 10 });
});

test('a total that begins anew is no decrease', () => {
  const increases = new Increases();
  increases.of('a', 100, 60_000, 0);
  increases.of('a', 110, 60_000, 10_000);
  expect(increases.of('a', 3, 60_000, 20_000)).toBeUndefined();
  expect(increases.of('a', 5, 60_000, 30_000)).toEqual({ amount: 2, seconds: 10 });
});

test('of totals that are counted together all begin anew with one, also those that have passed their old value', () => {
  const increases = new Increases();
  increases.ofAll('share', [1000, 0], 60_000, 0);
  expect(increases.ofAll('share', [1100, 0], 60_000, 10_000)).toEqual({ amounts: [100, 0], seconds: 10 });
  expect(increases.ofAll('share', [500, 4], 60_000, 20_000)).toBeUndefined();
  expect(increases.ofAll('share', [600, 5], 60_000, 30_000)).toEqual({ amounts: [100, 1], seconds: 10 });
});

test('at one moment nothing has grown', () => {
  const increases = new Increases();
  increases.of('a', 1, 60_000, 0);
  expect(increases.of('a', 5, 60_000, 0)).toBeUndefined();
});

test('over random steps the answer is that of a list of all that was seen', () => {
  const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 10_000, max: 40_000 }), grows: fc.nat(50) }), {
    minLength: 2,
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, fc.constantFrom(60_000, 300_000, 3_600_000), (all, windowMs) => {
      const increases = new Increases();
      const seen: [number, number][] = [];
      let [nowMs, total] = [0, 0];
      for (const { afterMs, grows } of all) {
        nowMs += afterMs;
        total += grows;
        seen.push([nowMs, total]);
        const got = increases.of('a', total, windowMs, nowMs);
        if (seen.length === 1) continue;
        const old = seen.slice(0, -1);
        const [at, value] = old.filter(([ms]) => nowMs - ms >= windowMs).at(-1) ?? (old[0] as [number, number]);
        expect(got).toEqual({ amount: total - value, seconds: (nowMs - at) / 1000 });
      }
    }),
    { numRuns: 200 },
  );
});

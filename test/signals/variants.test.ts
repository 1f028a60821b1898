import { expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { Variants } from '../../src/signals/variants.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended } from '../support/exchanges.js';

function measured() {
  const clock = manualClock();
  const variants = new Variants(clock);
  const show = (flag: string, variant: string, facts: Parameters<typeof ended>[0] = {}): void =>
    variants.record(flag, variant, ended({ endedMs: clock.monotonic(), ...facts }));
  return { clock, variants, show };
}

test('each variant of each flag has its own latency and errors', () => {
  const { variants, show } = measured();
  for (let i = 0; i < 40; i++) {
    show('checkout', 'on', { durationMs: 100, ...(i < 4 ? { outcome: 'error', errorType: '500' } : {}) });
    show('checkout', 'off', { durationMs: 10 });
    show('banner', 'on', { durationMs: 1 });
  }
  const { checkout, banner } = variants.snapshot();
  expect(checkout?.['on']).toMatchObject({
    exposures: 40,
    total: 40,
    errors: { count: 4, ratio: 0.1, byType: { 500: 4 } },
  });
  expect(checkout?.['on']?.latency.p95).toBeCloseTo(0.1, 2);
  expect(checkout?.['off']?.latency.p95).toBeCloseTo(0.01, 3);
  expect(banner?.['on']).toMatchObject({ exposures: 40, errors: { count: 0 } });
});

test('an aborted request is an exposure, and neither a latency nor an error', () => {
  const { variants, show } = measured();
  show('a', 'on', { outcome: 'aborted', abortPhase: 'mid_response' });
  expect(variants.snapshot()['a']?.['on']).toMatchObject({
    exposures: 1,
    latency: { count: 0 },
    errors: { ratio: null, count: 0, aborted: { midResponse: 1 } },
  });
});

test('after a minute nothing is left but the total', () => {
  const { clock, variants, show } = measured();
  show('a', 'on');
  clock.advance(60_000);
  expect(variants.snapshot()['a']?.['on']).toMatchObject({ exposures: 0, total: 1, latency: { count: 0, p95: null } });
});

test('the 201st variant is dropped and counted, and those before it are measured as ever', () => {
  const { variants, show } = measured();
  const before = diagnostics.drops()['variants']?.['variant_cap'] ?? 0;
  for (let i = 0; i < 250; i++) show(`flag-${i % 25}`, `v${i}`);
  show('flag-0', 'v0');
  const snapshot = variants.snapshot();
  expect(Object.values(snapshot).flatMap((flag) => Object.keys(flag))).toHaveLength(200);
  expect(snapshot['flag-0']?.['v0']?.total).toBe(2);
  expect((diagnostics.drops()['variants']?.['variant_cap'] ?? 0) - before).toBe(50);
});

test.each(['__proto__', 'constructor', 'toString'])(
  'a flag and a variant named %s are measured like others',
  (name) => {
    const { variants, show } = measured();
    show(name, name);
    expect(Object.entries(variants.snapshot())).toMatchObject([[name, {}]]);
    expect(Object.entries(Object.values(variants.snapshot())[0] ?? {})).toMatchObject([[name, { total: 1 }]]);
  },
);

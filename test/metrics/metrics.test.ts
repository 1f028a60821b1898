import { Registry, Gauge as TheirGauge } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { pushSettings } from '../../src/metrics/otlp/settings.js';
import type { MetricSources } from '../../src/metrics/sources.js';
import { gcTotals } from '../../src/saturation/gc-watch.js';
import { pool, pools } from '../../src/saturation/pools/registry.js';
import { counter, declarations, timer } from '../../src/signals/business.js';
import { CumulativeHistogram, histogramDefaults } from '../../src/signals/cumulative.js';
import { cache, dependencies, dependency } from '../../src/signals/dependencies.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const clock = manualClock();

/** All that the library itself has, as `observe()` passes it on. */
const sources: MetricSources = {
  clock,
  drops: () => diagnostics.drops(),
  http: new Signals(clock, () => ({ worst: null, ratio: null, resources: {} })),
  gc: gcTotals,
  pools,
  dependencies: () => dependencies.series(),
  business: declarations,
};

test('what is declared anywhere in the process is there', async () => {
  counter('orders.placed', { unit: '{order}', action: 'falls: look.', attributes: { tier: ['gold'] } }).add(2, {
    tier: 'gold',
  });
  timer('checkout.time', { unit: 's', action: 'rises: look.' }).record(0.2);
  cache('sessions').hit();
  await dependency('orders-db', { system: 'postgresql' }).time('select', async () => 1);
  pool('work', { size: 2, available: 0, borrowed: 2, pending: 3, max: 2, acquire: () => 0, release: () => 0 });

  const lines = String((await new Metrics({ sources }).render()).body).split('\n');
  for (const line of [
    'orders_placed_total{tier="gold"} 2',
    'checkout_time_seconds_count 1',
    'cache_requests_total{cache="sessions",result="hit"} 1',
    'db_client_operation_duration_seconds_count{dependency="orders-db",db_system_name="postgresql",db_operation_name="select"} 1',
    'db_client_connection_pending_requests{db_client_connection_pool_name="work"} 3',
  ])
    expect(lines).toContain(line);
});

test('what is included stands beside it, and an unknown kind is refused when built', async () => {
  const register = new Registry();
  new TheirGauge({ name: 'their_gauge', help: 'Theirs', registers: [register] }).set(5);
  const text = String((await new Metrics({ sources, include: register }).render()).body);
  expect(text).toContain('\ntheir_gauge 5\n');
  expect(text).toContain('\nprocess_uptime_seconds ');
  expect(() => new Metrics({ sources, include: { metrics: 1 } })).toThrow(/metrics.include/);
});

describe('exponential buckets', () => {
  const exponential = (): boolean => new CumulativeHistogram([1]).exponential !== undefined;

  afterEach(() => {
    histogramDefaults.exponential = false;
  });

  test.each([
    ['exponential', true],
    ['explicit', false],
  ] as const)('are kept from when %s ones are to be pushed: %s', (histograms, kept) => {
    expect(exponential()).toBe(false);
    new Metrics({ sources, push: pushSettings({ histograms }, {}) });
    expect(exponential()).toBe(kept);
  });
});

test('nothing runs before start', () => {
  const before = process.listenerCount('message') + process.listenerCount('exit');
  new Metrics({ sources, push: pushSettings({}, {}) });
  expect(process.listenerCount('message') + process.listenerCount('exit')).toBe(before);
});

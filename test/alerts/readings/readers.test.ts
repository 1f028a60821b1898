import { describe, expect, test } from 'vitest';
import { lint } from '../../../src/alerts/lint/lint.js';
import { Increases } from '../../../src/alerts/readings/increases.js';
import { readers } from '../../../src/alerts/readings/readers.js';
import type { Reading } from '../../../src/alerts/readings/reading.js';
import type { AlertSources } from '../../../src/alerts/readings/sources.js';
import { Views } from '../../../src/alerts/readings/view.js';
import { type SignalName, signals } from '../../../src/alerts/signal.js';
import type { Duration } from '../../../src/core/duration.js';
import { BusinessMetrics } from '../../../src/signals/business-registry.js';
import { DEFAULT_BOUNDARIES } from '../../../src/signals/cumulative.js';
import { DependencySeries } from '../../../src/signals/dependencies-series.js';
import type { DependencySignals, GoldenSignals, Latency } from '../../../src/signals/golden-signals.js';
import { RouteSeries } from '../../../src/signals/series.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { NO_LATENCY, snapshotOf } from '../snapshot.js';

const latency: Latency = { count: 400, p50: 0.05, p95: 0.1, p99: 0.2, max: 1, mean: 0.06 };
const aborted = { beforeHeaders: 0, midResponse: 0 };
const errors = { ratio: 0.25, count: 100, byType: {}, aborted };

const dependency: DependencySignals = {
  latency,
  traffic: { requestsPerSecond: 5, total: 400 },
  errors: { ratio: 0.5, count: 200, byType: {}, aborted: 0 },
  inFlight: 3,
};

const full: GoldenSignals = snapshotOf({
  latency,
  errors,
  traffic: { requestsPerSecond: 7, inFlight: 4, total: 1000 },
  saturation: {
    worst: 'memory',
    ratio: 0.7,
    resources: { cpu: { ratio: 0.2, readings: {} }, memory: { ratio: 0.7, readings: {} } },
  },
  routes: ['/a', '/b'].map((route) => ({
    ...{ method: 'GET', route, latency, firstByte: NO_LATENCY, errors },
    traffic: { requestsPerSecond: 2, total: 10 },
  })),
  dependencies: {
    postgres: dependency,
    sessions: { ...dependency, hitRatio: 0.8 },
    mail: { ...dependency, depth: 12, oldestAgeSeconds: 90 },
  },
  variants: {
    checkout: {
      on: { latency, errors, exposures: 400, total: 400 },
      off: { latency, errors, exposures: 800, total: 800 },
    },
  },
});

/** Readings of one signal at each of a run of moments, ten seconds apart. */
class Watching {
  #nowMs = 0;
  readonly #increases = new Increases();
  readonly #sources: AlertSources;
  readonly #window: Duration;

  constructor(sources: Partial<AlertSources> = {}, window: Duration = '1m') {
    this.#sources = { snapshot: () => full, ...sources };
    this.#window = window;
  }

  read(signal: SignalName, afterMs = 10_000): Reading[] {
    this.#nowMs += afterMs;
    const rule = {
      name: 'R',
      severity: 'info',
      signal,
      fireAbove: 1,
      window: this.#window,
      action: 'look at the dashboard',
    };
    const [settled] = lint([rule]).rules;
    if (settled === undefined) throw new Error(`${signal} was refused`);
    const burns = { burns: () => [{ objective: 'cart', severity: 'critical', burn: 2 }] };
    const views = new Views(this.#nowMs, this.#sources, this.#increases, burns);
    return readers[settled.signal.base](views.of(settled), settled.signal.key);
  }
}

const short = (readings: Reading[]): string[] =>
  readings.map(({ key, value, samples }) => `${key}=${value} of ${samples}`);

test('every signal has a reader, and no reader is without its signal', () => {
  expect(Object.keys(readers).sort()).toEqual(Object.keys(signals).sort());
});

describe('from one snapshot', () => {
  test.each<[SignalName, string[]]>([
    ['errors.ratio', ['=0.25 of 400']],
    ['latency.p50', ['=0.05 of 400']],
    ['latency.p95', ['=0.1 of 400']],
    ['latency.p99', ['=0.2 of 400']],
    ['latency.mean', ['=0.06 of 400']],
    ['traffic.requestsPerSecond', ['=7 of 0']],
    ['traffic.inFlight', ['=4 of 0']],
    ['saturation', ['=0.7 of 0']],
    ['saturation:cpu', ['cpu=0.2 of 0']],
    ['saturation:*', ['cpu=0.2 of 0', 'memory=0.7 of 0']],
    ['saturation:disk', []],
    ['route.errors.ratio', ['GET /a=0.25 of 400', 'GET /b=0.25 of 400']],
    ['route.errors.ratio:/b', ['GET /b=0.25 of 400']],
    ['route.latency.p99:GET /a', ['GET /a=0.2 of 400']],
    ['route.latency.p99:POST /a', []],
    ['route.traffic.requestsPerSecond:/a', ['GET /a=2 of 0']],
    ['dependency.errors.ratio:postgres', ['postgres=0.5 of 400']],
    ['dependency.latency.p99:mail', ['mail=0.2 of 400']],
    ['dependency.hitRatio', ['sessions=0.8 of 0']],
    ['dependency.depth', ['mail=12 of 0']],
    ['dependency.oldestAgeSeconds', ['mail=90 of 0']],
    ['dependency.inFlight:mail', ['mail=3 of 0']],
    ['variant.errors.ratio', ['checkout/on=0.25 of 400', 'checkout/off=0.25 of 400']],
    ['variant.latency.p95:checkout', ['checkout/on=0.1 of 400', 'checkout/off=0.1 of 400']],
    ['variant.latency.p99:checkout/on', ['checkout/on=0.2 of 400']],
    ['slo.burn:cart/critical', ['cart=2 of 0']],
    ['slo.burn:cart/warning', []],
  ])('%s', (signal, expected) => {
    expect(short(new Watching().read(signal))).toEqual(expected);
  });

  test('without flags there are no variants, and without their source no business metrics and no loss', () => {
    const watching = new Watching({ snapshot: () => snapshotOf() });
    expect(watching.read('variant.errors.ratio')).toEqual([]);
    expect(watching.read('business:orders')).toEqual([]);
    expect(watching.read('telemetry.loss')).toEqual([]);
  });

  test('labels are those of the exposition', () => {
    const labels = (signal: SignalName) => new Watching().read(signal)[0]?.labels;
    expect(labels('route.errors.ratio')).toEqual({ http_request_method: 'GET', http_route: '/a' });
    expect(labels('dependency.depth')).toEqual({ dependency: 'mail' });
    expect(labels('saturation:cpu')).toEqual({ resource: 'cpu' });
    expect(labels('variant.errors.ratio')).toEqual({ flag: 'checkout', variant: 'on' });
  });
});

describe('a window of more than a minute is read from totals', () => {
  test('errors of the service and of each route, over all of the window', () => {
    const [a, b] = [new RouteSeries('GET', '/a'), new RouteSeries('GET', '/b')];
    const watching = new Watching({ requests: () => [a, b] }, '5m');
    expect(short(watching.read('errors.ratio'))).toEqual(['=null of 0']);
    for (let i = 0; i < 60; i++) {
      a.total += 10;
      a.errors += i < 30 ? 5 : 0; // the first five minutes fail, the next five do not
      b.total += 10;
      b.abortedMidResponse += 2;
      if (i === 29) expect(short(watching.read('errors.ratio'))).toEqual([`=${150 / 540} of 540`]);
      else watching.read('errors.ratio');
    }
    expect(short(watching.read('errors.ratio'))).toEqual([`=0 of ${29 * 18}`]);
  });

  test('of a dependency, those that were given up count neither way', () => {
    const series = new DependencySeries('postgres', 'declared', { left: 10, boundaries: [1] });
    const watching = new Watching({ dependencies: () => [series] }, '10m');
    watching.read('dependency.errors.ratio');
    Object.assign(series, { total: 100, aborted: 20, errors: 8 });
    expect(short(watching.read('dependency.errors.ratio'))).toEqual(['postgres=0.1 of 80']);
  });
});

describe('traffic compared with the hour before', () => {
  test('is nothing at first, near 1 while it is as ever, and near 0 when it stops', () => {
    let total = 0;
    const watching = new Watching({
      snapshot: () => snapshotOf({ traffic: { requestsPerSecond: 0, inFlight: 0, total } }),
    });
    const now = (): number | null | undefined => watching.read('traffic.ofLastHour')[0]?.value;
    const seen: (number | null | undefined)[] = [];
    for (let i = 0; i < 120; i++) {
      total += 20;
      seen.push(now());
    }
    expect(seen.slice(0, 66).every((value) => value === null)).toBe(true);
    expect(seen.at(-1)).toBe(1);
    for (let i = 0; i < 6; i++) seen.push(now());
    expect(seen.at(-1)).toBe(0);
  });

  test('is nothing where there never was much', () => {
    const watching = new Watching({ snapshot: () => snapshotOf() });
    for (let i = 0; i < 200; i++) expect(watching.read('traffic.ofLastHour')[0]?.value).toBeNull();
  });
});

describe('a business metric', () => {
  const metrics = new BusinessMetrics(manualClock());
  const action = 'falls: check the payment provider';
  const business = () => metrics.declarations();

  test('of a counter is its increase per second, by attributes', () => {
    const orders = metrics.counter('orders.placed', {
      unit: '{order}',
      action,
      attributes: { 'plan.kind': ['free', 'pro'] },
    });
    orders.add(5, { 'plan.kind': 'pro' });
    const watching = new Watching({ business });
    expect(watching.read('business:orders.placed')[0]?.value).toBeNull();
    orders.add(20, { 'plan.kind': 'pro' });
    expect(watching.read('business:orders.placed')).toEqual([
      { key: 'plan.kind=pro', labels: { plan_kind: 'pro' }, value: 2, samples: 0 },
    ]);
  });

  test('of a gauge is what it is', () => {
    metrics.gauge('stock', { unit: '{item}', action }).set(12);
    expect(short(new Watching({ business }).read('business:stock'))).toEqual(['=12 of 0']);
  });

  test('of a timer is the p99 of the window, within its bucket', () => {
    const timer = metrics.timer('import', { unit: 's', action });
    timer.record(9);
    const watching = new Watching({ business });
    watching.read('business:import');
    for (let i = 0; i < 95; i++) timer.record(0.02);
    for (let i = 0; i < 5; i++) timer.record(0.3);
    const [reading] = watching.read('business:import');
    expect(DEFAULT_BOUNDARIES).toContain(0.5);
    expect(reading?.samples).toBe(100);
    expect(reading?.value).toBeCloseTo(0.25 + 0.25 * 0.8, 10);
  });
});

test('loss of telemetry is what was dropped within the window, of spans, lines, metrics and notifications', () => {
  const drops = { spans: { full: 5 }, logs: { backlog: 0 }, correlation: { invalid_id: 100 } };
  const watching = new Watching({ drops: () => drops });
  watching.read('telemetry.loss');
  drops.logs.backlog = 3;
  drops.correlation.invalid_id = 900;
  expect(short(watching.read('telemetry.loss'))).toEqual(['=3 of 0']);
  for (let i = 0; i < 6; i++) watching.read('telemetry.loss');
  expect(short(watching.read('telemetry.loss'))).toEqual(['=0 of 0']);
});

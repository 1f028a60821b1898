import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended, type Facts } from '../support/exchanges.js';

const saturation = { worst: 'heap', ratio: 0.4, resources: { heap: { ratio: 0.4, readings: { used_bytes: 4 } } } };

function service() {
  const clock = manualClock();
  const signals = new Signals(clock, () => saturation);
  clock.advance(5000);
  const serve = (facts: Partial<Facts> = {}, times = 1): void => {
    for (let i = 0; i < times; i++) {
      signals.start();
      signals.end(ended({ endedMs: 4000, ...facts }));
    }
  };
  return { signals, serve };
}

describe('latency', () => {
  test('nineteen samples have no percentile, twenty have', () => {
    const { signals, serve } = service();
    serve({ durationMs: 10 }, 19);
    expect(signals.snapshot().latency).toMatchObject({ count: 19, p50: null, p95: null, p99: null, max: 0.01 });
    serve({ durationMs: 10 });
    const { p50, p99 } = signals.snapshot().latency;
    expect(p50).toBeCloseTo(0.01, 4);
    expect(p99).toBeCloseTo(0.01, 4);
  });

  test('twenty over two routes give the service percentiles, and neither route', () => {
    const { signals, serve } = service();
    serve({ route: '/a' }, 10);
    serve({ route: '/b' }, 10);
    const { latency, routes } = signals.snapshot();
    expect(latency.p50).not.toBeNull();
    expect(routes.map((route) => route.latency.p50)).toEqual([null, null]);
  });

  test('percentiles of the service are merged, not averaged, over its routes', () => {
    const { signals, serve } = service();
    serve({ route: '/fast', durationMs: 1 }, 980);
    serve({ route: '/slow', durationMs: 1000 }, 20);
    const { p95, p99 } = signals.snapshot().latency;
    expect(p95).toBeCloseTo(0.001, 4);
    expect(p99).toBeCloseTo(1, 1);
  });

  test('no percentile lies above the max', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 60_000, noNaN: true }), (durationMs) => {
        const { signals, serve } = service();
        serve({ durationMs }, 20);
        const { p50, p99, max } = signals.snapshot().latency;
        expect(p99).toBeLessThanOrEqual(max as number);
        expect(p50).toBeLessThanOrEqual(p99 as number);
      }),
      { numRuns: 50 },
    );
  });

  test('errors are timed, aborted exchanges are not', () => {
    const { signals, serve } = service();
    serve({ durationMs: 30, outcome: 'error', errorType: '500' });
    serve({ durationMs: 9000, outcome: 'aborted', abortPhase: 'before_headers' });
    expect(signals.snapshot().latency).toMatchObject({ count: 1, max: 0.03 });
  });
});

describe('time to the first byte', () => {
  test('is told of responses whose last byte left more than 10 ms after the first', () => {
    const { signals, serve } = service();
    serve({ durationMs: 500, firstByteAfterMs: 20 });
    serve({ durationMs: 30, firstByteAfterMs: 20 });
    serve({ durationMs: 30, firstByteAfterMs: 19 });
    expect(signals.snapshot().firstByte).toMatchObject({ count: 2, max: 0.02, mean: 0.0195 });
  });

  test('is not told of a response without a head, or of one that was aborted', () => {
    const { signals, serve } = service();
    serve({ durationMs: 500, outcome: 'error', errorType: 'timeout', status: 0 });
    serve({ durationMs: 500, firstByteAfterMs: 20, outcome: 'aborted', abortPhase: 'mid_response' });
    expect(signals.snapshot().firstByte.count).toBe(0);
  });
});

describe('errors', () => {
  test('without an exchange there is no ratio', () => {
    expect(service().signals.snapshot().errors).toEqual({
      ratio: null,
      count: 0,
      byType: {},
      aborted: { beforeHeaders: 0, midResponse: 0 },
    });
  });

  test('an aborted request is no error and no success: alone it makes no ratio', () => {
    const { signals, serve } = service();
    serve({ outcome: 'aborted', abortPhase: 'before_headers' }, 2);
    serve({ outcome: 'aborted', abortPhase: 'mid_response' });
    expect(signals.snapshot().errors).toMatchObject({
      ratio: null,
      count: 0,
      aborted: { beforeHeaders: 2, midResponse: 1 },
    });
    serve({}, 3);
    serve({ outcome: 'error', errorType: '503' });
    expect(signals.snapshot().errors.ratio).toBe(0.25);
  });

  test('are told by type, and an error without a type is an Error', () => {
    const { signals, serve } = service();
    serve({ outcome: 'error', errorType: '503' }, 2);
    serve({ route: '/b', outcome: 'error', errorType: '503' });
    serve({ outcome: 'error' });
    expect(signals.snapshot().errors.byType).toEqual({ 503: 3, Error: 1 });
  });

  test('beyond twenty types the rest are counted as one, and none is lost', () => {
    const { signals, serve } = service();
    for (let i = 0; i < 50; i++) serve({ outcome: 'error', errorType: `E${i}` });
    const { byType, count } = signals.snapshot().errors;
    expect(Object.keys(byType)).toHaveLength(21);
    expect(byType['_other']).toBe(30);
    expect(count).toBe(50);
  });

  test.each(['__proto__', 'constructor', 'toString'])('a type named %s is a type like all others', (errorType) => {
    const { signals, serve } = service();
    serve({ outcome: 'error', errorType }, 2);
    expect(Object.entries(signals.snapshot().errors.byType)).toEqual([[errorType, 2]]);
  });
});

describe('traffic', () => {
  test('in flight is what started and has not ended', () => {
    const { signals, serve } = service();
    signals.start();
    signals.start();
    serve();
    expect(signals.snapshot().traffic).toMatchObject({ inFlight: 2, total: 1 });
  });

  test('the rate counts aborted exchanges too', () => {
    const { signals, serve } = service();
    serve({}, 5);
    serve({ outcome: 'aborted', abortPhase: 'before_headers' }, 5);
    expect(signals.snapshot().traffic).toEqual({ requestsPerSecond: 2, inFlight: 0, total: 10 });
  });

  test('routes are told busiest first, each method for itself', () => {
    const { signals, serve } = service();
    serve({ route: '/a' });
    serve({ route: '/b', method: 'POST' }, 3);
    serve({ route: '/b', method: 'GET' }, 2);
    const told = signals.routes().map(({ method, route, traffic }) => [method, route, traffic.total]);
    expect(told).toEqual([
      ['POST', '/b', 3],
      ['GET', '/b', 2],
      ['GET', '/a', 1],
    ]);
  });
});

test('a snapshot is plain data: JSON keeps all of it', () => {
  const { signals, serve } = service();
  serve({ durationMs: 40, firstByteAfterMs: 5 }, 25);
  serve({ outcome: 'error', errorType: '500' });
  const snapshot = signals.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot.saturation).toEqual(saturation);
});

test('what a snapshot says is not changed by what comes after', () => {
  const { signals, serve } = service();
  serve({ outcome: 'error', errorType: '500' }, 20);
  const before = signals.snapshot();
  const copy = structuredClone(before);
  serve({ outcome: 'error', errorType: '500', durationMs: 900 }, 20);
  expect(before).toEqual(copy);
});

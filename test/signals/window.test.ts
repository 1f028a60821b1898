import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Signals, type SnapshotOptions } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended, type Facts } from '../support/exchanges.js';

/** Signals that began when the clock stood at `bornMs`. */
function service(bornMs = 0) {
  const clock = manualClock();
  clock.advance(bornMs);
  const signals = new Signals(clock, () => ({ worst: null, ratio: null, resources: {} }));
  const now = () => clock.monotonic();
  return {
    clock,
    signals,
    /** An exchange that ends now. */
    serve: (facts: Partial<Facts> = {}) => signals.end(ended({ endedMs: now(), ...facts })),
    at: (ms: number) => clock.advance(ms - now()),
    counted: (options?: SnapshotOptions) => signals.snapshot(options).latency.count,
  };
}

describe('what still counts', () => {
  test.each([
    ['at once', 0.4, 0.4, 1],
    ['after 49.9 s, whatever the slot', 9.99, 59.89, 1],
    ['after 59 s, when it ended early in its slot', 0.4, 59.4, 1],
    ['not after 59 s, when it ended late in its slot: slots leave the window whole', 9, 68, 0],
    ['not after 61 s', 0.4, 61.4, 0],
    ['on the last moment of its sixth slot', 0, 59.999, 1],
    ['not on the first moment of the seventh', 0, 60, 0],
  ])('%s', (_name, endedS, nowS, count) => {
    const { at, serve, counted } = service();
    at(endedS * 1000);
    serve();
    at(nowS * 1000);
    expect(counted()).toBe(count);
  });

  test('less than 50 s old always counts, 60 s old never does, and nothing counts that is older than what is covered', () => {
    const times = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(times, times, (endedMs, laterMs) => {
        const { at, serve, signals } = service();
        at(endedMs);
        serve();
        at(endedMs + laterMs);
        const { latency, windowSeconds } = signals.snapshot();
        if (laterMs < 50_000) expect(latency.count).toBe(1);
        if (laterMs >= 60_000) expect(latency.count).toBe(0);
        if (latency.count === 1) expect(laterMs / 1000).toBeLessThanOrEqual(windowSeconds + 1e-9);
      }),
    );
  });

  test('each slot counts once over a minute of steady traffic', () => {
    const { at, serve, counted } = service();
    for (let second = 0; second < 60; second++) {
      at(second * 1000);
      serve();
    }
    expect(counted()).toBe(60);
    at(60_000);
    expect(counted()).toBe(50);
  });
});

describe('what is covered', () => {
  test.each([
    ['the age of a young process', 0, 12, undefined, 12],
    ['five full slots and the part of the sixth that has gone by', 0, 64, undefined, 54],
    ['five full slots at the edge of a slot', 0, 120, undefined, 50],
    ['the age, when the process began within the window', 97, 120, undefined, 23],
    ['a full slot and a part for a window of 20 s, the shortest', 0, 127, 20, 17],
    ['two full slots and a part for a window of 30 s', 0, 127, 30, 27],
    ['the next longer window for one between', 0, 127, 21, 27],
    ['the shortest for one too short', 0, 127, 1, 17],
    ['the shortest for zero', 0, 127, 0, 17],
    ['the shortest for a negative one', 0, 127, -5, 17],
    ['the longest for one too long', 0, 127, 3600, 57],
    ['the longest for no number', 0, 127, Number.NaN, 57],
  ])('%s', (_name, bornS, nowS, window, seconds) => {
    const { at, signals } = service(bornS * 1000);
    at(nowS * 1000);
    expect(signals.snapshot({ window }).windowSeconds).toBeCloseTo(seconds, 9);
  });

  test('requests per second are over the seconds that are covered, for the service and for each route', () => {
    const { at, serve, signals } = service();
    for (let i = 0; i < 30; i++) serve();
    at(15_000);
    const { traffic, routes } = signals.snapshot();
    expect(traffic.requestsPerSecond).toBe(2);
    expect(routes[0]?.traffic.requestsPerSecond).toBe(2);
  });

  test('a process of no age yet has no rate', () => {
    const { serve, signals } = service();
    serve();
    expect(signals.snapshot()).toMatchObject({ windowSeconds: 0, traffic: { requestsPerSecond: 0, total: 1 } });
  });

  test('the shortest window sees the current slot and the one before it', () => {
    const { at, serve, counted, signals } = service();
    serve();
    at(22_000);
    serve({ route: '/new' });
    expect(counted({ window: 20 })).toBe(1);
    expect(signals.routes({ window: 20 }).map(({ route }) => route)).toEqual(['/new']);
    expect(counted({ window: 30 })).toBe(2);
  });
});

describe('slots are used again', () => {
  test('after a minute a slot starts from zero in every figure', () => {
    const { at, serve, signals } = service();
    serve({ durationMs: 9000, firstByteAfterMs: 2000, outcome: 'error', errorType: 'Boom' });
    serve({ outcome: 'aborted', abortPhase: 'mid_response' });
    serve({ outcome: 'aborted', abortPhase: 'before_headers' });
    at(60_000);
    serve({ durationMs: 5 });
    const { latency, firstByte, errors, traffic } = signals.snapshot();
    expect(latency).toEqual({ count: 1, p50: null, p95: null, p99: null, max: 0.005, mean: 0.005 });
    expect(firstByte.count).toBe(0);
    expect(errors).toEqual({ ratio: 0, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } });
    expect(traffic.total).toBe(4);
  });

  test('after an idle hour nothing of before is left, and what is new counts', () => {
    const { at, serve, signals, counted } = service();
    for (let i = 0; i < 60; i++) {
      at(i * 1000);
      serve();
    }
    at(3_660_000);
    expect(signals.snapshot()).toMatchObject({ latency: { count: 0, max: null, mean: null }, routes: [] });
    serve();
    expect(counted()).toBe(1);
  });

  test('an exchange that is closed long after its last byte leaves the newer figures alone', () => {
    const { at, serve, signals, counted } = service();
    at(65_000);
    serve();
    signals.end(ended({ endedMs: 4000 }));
    expect(counted()).toBe(1);
    expect(signals.snapshot().traffic.total).toBe(2);
  });

  test('a jump of the wall clock by an hour, to and fro, changes nothing', () => {
    const { clock, at, serve, signals } = service();
    const steady = service();
    for (let i = 0; i < 40; i++) {
      clock.setWall(clock.now() + (i % 2 === 0 ? 3_600_000 : -3_600_000));
      for (const one of [{ at, serve }, steady]) {
        one.at(i * 1700);
        one.serve({ durationMs: i });
      }
    }
    expect(signals.snapshot()).toEqual(steady.signals.snapshot());
  });
});

test('an exchange whose end has no time is in the total and in no window', () => {
  const { at, signals, counted } = service();
  at(5000);
  for (const endedMs of [Number.NaN, Number.POSITIVE_INFINITY, -1]) signals.end(ended({ endedMs }));
  expect(signals.snapshot().traffic.total).toBe(3);
  expect(counted()).toBe(0);
});

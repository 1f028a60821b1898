import { describe, expect, test } from 'vitest';
import { journey, pick } from '../../examples/demo/journey.mjs';
import { LogStore } from '../../examples/demo/log-store.mjs';
import { palette } from '../../examples/demo/paint.mjs';

const BEGAN = Date.parse('2026-01-01T00:00:00.000Z');
const paint = palette({ isTTY: false }, {});
const door = 'gateway';

type Line = Parameters<typeof journey>[0][number];

function line(service: string, atMs: number, event: string, fields: Record<string, unknown> = {}): Line {
  const timestamp = new Date(BEGAN + atMs).toISOString();
  return {
    timestamp,
    level: 'info',
    service,
    event,
    correlation_id: 'id',
    version: '1',
    environment: 'test',
    ...fields,
  };
}

function exchange(
  service: string,
  endMs: number,
  durationMs: number,
  status = 200,
  fields: Record<string, unknown> = {},
): Line {
  const outcome = status >= 500 ? 'error' : 'ok';
  const level = outcome === 'ok' ? 'info' : 'error';
  const route = { method: 'GET', route: '/a/:b', path: '/a/1' };
  return line(service, endMs, 'http_request', { ...route, status, outcome, level, duration_ms: durationMs, ...fields });
}

describe('a journey', () => {
  test('is in time order from the moment the request came in, and marks where the time went', () => {
    const lines = [
      exchange('gateway', 500, 500),
      line('model', 470, 'scored', { user_id: 7, cold: true, trace_id: 't', span_id: 's' }),
      exchange('auth', 12, 4.25),
      exchange('recommendations', 490, 460),
      exchange('model', 480, 450),
    ];
    expect(journey(lines, { door, paint })).toEqual([
      'Slow request, correlation ID id',
      'GET /a/1 200 after 500 ms; 450 ms of it in model',
      '    +ms  took ms  service         event            fields',
      '     12      4.3  auth            http_request     GET /a/:b 200',
      '    470           model           scored           user_id=7 cold=true',
      '>   480      450  model           http_request     GET /a/:b 200',
      '    490      460  recommendations http_request     GET /a/:b 200',
      '    500      500  gateway         http_request     GET /a/:b 200',
    ]);
  });

  test('marks the service that failed first, also when all was logged in one millisecond', () => {
    const err = { message: 'model answered 503' };
    const lines = [
      exchange('gateway', 9, 8, 502),
      exchange('recommendations', 9, 4, 502, { err }),
      exchange('model', 9, 0.5, 503),
      line('model', 9, 'model_overloaded', { level: 'error' }),
    ];
    expect(journey(lines, { door, paint })).toEqual([
      'Failed request, correlation ID id',
      'GET /a/1 502 after 8.0 ms; model failed first, with 503',
      '    +ms  took ms  service         event            fields',
      '!     8           model           model_overloaded',
      '>     8      0.5  model           http_request     GET /a/:b 503',
      '!     8      4.0  recommendations http_request     GET /a/:b 502, model answered 503',
      '!     8      8.0  gateway         http_request     GET /a/:b 502',
    ]);
  });

  test('is at most 100 columns wide', () => {
    const lines = [line('gateway', 1, 'event', { text: 'x'.repeat(500) }), exchange('gateway', 2, 2)];
    const longest = Math.max(...journey(lines, { door, paint }).map((text) => text.length));
    expect(longest).toBe(100);
  });

  test('of a request that had no answer says so', () => {
    const lines = [exchange('gateway', 5, 5, 500, { status: undefined })];
    expect(journey(lines, { door, paint })[3]).toContain('GET /a/:b no answer');
  });
});

describe('of all requests', () => {
  const request = (id: string, service: string, endMs: number, durationMs: number, status = 200): Line => ({
    ...exchange(service, endMs, durationMs, status),
    correlation_id: id,
  });
  const store = new LogStore();
  for (const entry of [
    request('quick', 'gateway', 10, 10),
    request('slowest', 'gateway', 100, 90),
    request('slow', 'gateway', 200, 80),
    request('failed', 'gateway', 300, 99, 502),
    request('failed later', 'gateway', 400, 5, 502),
    request('without its answer', 'model', 500, 600, 503),
    request('just ended', 'gateway', 900, 700),
  ]) {
    store.add(entry);
  }

  test('the slowest good one and the latest failed one are picked, once all their lines can have come', () => {
    expect(pick(store, { door, nowMs: BEGAN + 1000 })).toEqual({ slow: 'slowest', failed: 'failed later' });
    expect(pick(store, { door, nowMs: BEGAN + 2000 })).toEqual({ slow: 'just ended', failed: 'failed later' });
  });

  test('those that were shown before are not picked again', () => {
    const skip = new Set(['slowest', 'failed later']);
    expect(pick(store, { door, skip, nowMs: BEGAN + 1000 })).toEqual({ slow: 'slow', failed: 'failed' });
  });

  test('none is picked of none', () => {
    expect(pick(new LogStore(), { door, nowMs: BEGAN })).toEqual({ slow: undefined, failed: undefined });
  });
});

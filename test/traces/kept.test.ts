import { describe, expect, test } from 'vitest';
import { KeptTraces } from '../../src/traces/kept.js';
import { RequestLines } from '../../src/traces/request-lines.js';
import { hexOf, span } from './exporters/spans.js';

const traceOf = (n: number): string => n.toString(16).padStart(32, 'a');
const line = (correlationId: string, event: string): string =>
  `{"level":"info","correlation_id":"${correlationId}","event":"${event}"}\n`;

/** One request: a child and its local root. */
const trace = (n: number, correlationId?: string) => {
  const own = { traceId: traceOf(n) };
  const root = span(n, {
    own: { ...own, spanId: hexOf(1000 + n) },
    startTime: [1_700_000_000 + n, 0],
    attributes: correlationId === undefined ? {} : { 'fourlights.correlation_id': correlationId },
  });
  const child = span(n, { own, name: 'child', parentSpanContext: root.spanContext(), duration: [2, 0] });
  return [child, root];
};

describe('a kept trace', () => {
  test('is told by its local root, with the lines of its correlation ID, those before and those after', () => {
    const kept = new KeptTraces();
    kept.line(line('r-1', 'before'));
    kept.line(line('r-2', 'of another'));
    kept.line('{"level":"info","event":"of nobody"}\n');
    kept.add(trace(1, 'r-1'), 'slow');
    kept.line(line('r-1', 'after'));
    const [told, ...more] = kept.list();
    expect(more).toEqual([]);
    expect(told).toMatchObject({ traceId: traceOf(1), correlationId: 'r-1', because: 'slow', name: 'GET /carts/1' });
    expect(told).toMatchObject({ durationMs: 1500, failed: false });
    expect(told?.lines.map((text) => JSON.parse(text).event)).toEqual(['before', 'after']);
  });

  test('takes up spans of the same trace that come later', () => {
    const kept = new KeptTraces();
    kept.add(trace(1), 'error');
    kept.add(trace(1), 'error');
    expect(kept.list()).toHaveLength(1);
    expect(kept.list()[0]?.spans).toHaveLength(4);
  });

  test('that failed is not pushed out by others', () => {
    const kept = new KeptTraces();
    kept.add(trace(0), 'error');
    for (let n = 1; n < 1000; n++) kept.add(trace(n), 'sampled');
    const traces = kept.list();
    expect(traces.filter(({ because }) => because === 'error')).toHaveLength(1);
    expect(traces).toHaveLength(201);
    expect(traces[0]?.traceId).toBe(traceOf(999));
  });

  test('is one of a bounded number of spans: ordinary traces make room for the failed ones', () => {
    const kept = new KeptTraces();
    const large = (n: number) => Array.from({ length: 50 }, () => trace(n)).flat();
    for (let n = 0; n < 60; n++) kept.add(large(n), 'error');
    for (let n = 100; n < 160; n++) kept.add(large(n), 'sampled');
    const counted = (because: string) => kept.list().filter((one) => one.because === because).length;
    expect([counted('error'), counted('sampled')]).toEqual([60, 40]);
    for (let n = 200; n < 250; n++) kept.add(large(n), 'error');
    expect([counted('error'), counted('sampled')]).toEqual([100, 0]);
    expect(kept.find(traceOf(0))).toBeUndefined();
  });

  test('has the lines that other services have sent, before it and after it, by their time', () => {
    const kept = new KeptTraces();
    const at = (second: number, event: string) =>
      `{"timestamp":"2026-01-01T00:00:0${second}.000Z","correlation_id":"r-1","event":"${event}"}\n`;
    kept.joinLine(traceOf(1), at(2, 'theirs'));
    kept.line(at(1, 'ours'));
    kept.add(trace(1, 'r-1'), 'error');
    const before = kept.revision;
    kept.line(at(4, 'ours again'));
    kept.joinLine(traceOf(1), at(3, 'theirs again'));
    expect(kept.find(traceOf(1))?.lines.map((text) => JSON.parse(text).event)).toEqual([
      'ours',
      'theirs',
      'theirs again',
      'ours again',
    ]);
    expect(kept.revision).toBeGreaterThan(before);
  });
});

describe('the lines of requests', () => {
  test('are bounded in number per request, in requests and in characters', () => {
    const lines = new RequestLines();
    for (let i = 0; i < 200; i++) lines.add('many', line('many', String(i)));
    expect(lines.of('many')).toHaveLength(100);
    for (let i = 0; i < 1000; i++) lines.add(`r-${i}`, line(`r-${i}`, 'e'));
    expect(lines.of('many')).toHaveLength(0);
    for (let i = 0; i < 1000; i++) lines.add(`long-${i}`, line(`long-${i}`, 'x'.repeat(50_000)));
    const held = Array.from({ length: 1000 }, (_, i) => lines.of(`long-${i}`)).flat();
    expect(held.reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(held.length).toBeGreaterThan(100);
  });
});

import { describe, expect, test } from 'vitest';
import { LINES } from '../../src/traces/keep.js';
import { KeptTraces } from '../../src/traces/kept.js';
import { RequestLines } from '../../src/traces/request-lines.js';
import { ended } from '../support/exchanges.js';
import { dropsIn } from '../support/ledger.js';
import { hexOf, span } from './exporters/spans.js';

const traceOf = (n: number): string => n.toString(16).padStart(32, 'a');
const line = (correlationId: string, event: string): string =>
  `{"level":"info","correlation_id":"${correlationId}","event":"${event}"}\n`;

/** One request: a child and its local root. */
const trace = (n: number, correlationId?: string, texts?: readonly string[]) => {
  const own = { traceId: traceOf(n) };
  const root = span(n, {
    own: { ...own, spanId: hexOf(1000 + n) },
    startTime: [1_700_000_000 + n, 0],
    attributes: correlationId === undefined ? {} : { 'fourlights.correlation_id': correlationId },
  });
  const child = span(n, { own, name: 'child', parentSpanContext: root.spanContext(), duration: [2, 0] });
  if (texts === undefined) return [child, root];
  return [child, Object.assign(root, { [LINES]: { lines: texts, length: texts.join('').length } })];
};

describe('a kept trace', () => {
  test('is told by its local root, with the lines of its request, those before and those after', () => {
    const kept = new KeptTraces();
    const lines = [line('r-1', 'before')];
    kept.add(trace(1, 'r-1', lines), 'slow');
    lines.push(line('r-1', 'after'));
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

  test('holds no more lines than there is room for, and those of the failed the longest', () => {
    const kept = new KeptTraces();
    const long = Array.from({ length: 8 }, () => 'x'.repeat(8000));
    for (let n = 0; n < 100; n++) kept.add(trace(n, `r-${n}`, long), 'error');
    for (let n = 100; n < 200; n++) kept.add(trace(n, `r-${n}`, long), 'sampled');
    const traces = kept.list();
    expect(traces.flatMap(({ lines }) => lines).join('').length).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(traces.filter(({ because }) => because === 'error')).toHaveLength(100);
  });

  test('of one trace ID, sent again and again, holds no more lines than one may', () => {
    const kept = new KeptTraces();
    const long = Array.from({ length: 8 }, () => 'x'.repeat(8000));
    for (let i = 0; i < 100; i++) kept.add(trace(1, 'r-1', long), 'error');
    expect(kept.find(traceOf(1))?.lines.join('').length).toBeLessThanOrEqual(1024 * 1024);
    expect(kept.list()).toHaveLength(1);
  });

  test('has the lines that other services have sent, before it and after it, by their time', () => {
    const kept = new KeptTraces();
    const at = (second: number, event: string) =>
      `{"timestamp":"2026-01-01T00:00:0${second}.000Z","correlation_id":"r-1","event":"${event}"}\n`;
    kept.joinLine(traceOf(1), at(2, 'theirs'));
    const lines = [at(1, 'ours')];
    kept.add(trace(1, 'r-1', lines), 'error');
    const before = kept.revision;
    lines.push(at(4, 'ours again'));
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

describe('the lines of a request', () => {
  const events = (lines: readonly string[]) => lines.map((text) => JSON.parse(text).event);

  test('are kept with its trace, and those that something of it writes later are added', () => {
    const lines = new RequestLines();
    const exchange = ended();
    lines.add(exchange, line('r-1', 'before'));
    const taken = lines.taken(exchange);
    lines.release(exchange);
    lines.add(exchange, line('r-1', 'after'));
    expect(events(taken.lines)).toEqual(['before', 'after']);
  });

  test('that come first when its trace is kept already are kept too', () => {
    const lines = new RequestLines();
    const exchange = ended();
    const taken = lines.taken(exchange);
    lines.release(exchange);
    lines.add(exchange, line('r-1', 'after'));
    expect(events(taken.lines)).toEqual(['after']);
  });

  test('go with it when its trace is not kept', () => {
    const lines = new RequestLines();
    const exchange = ended();
    lines.add(exchange, line('r-1', 'before'));
    lines.release(exchange);
    lines.add(exchange, line('r-1', 'after'));
    expect(lines.taken(exchange).lines).toEqual([]);
  });

  test('are bounded in number and in length, and what is not held is counted', () => {
    const lines = new RequestLines();
    const many = ended();
    const beyond = dropsIn('lines of kept traces', 'request_cap', () => {
      for (let i = 0; i < 200; i++) lines.add(many, line('many', String(i)));
    });
    expect([lines.taken(many).lines.length, beyond]).toEqual([100, 100]);
    const long = ended();
    for (let i = 0; i < 20; i++) lines.add(long, line('long', 'x'.repeat(50_000)));
    const { lines: held, length } = lines.taken(long);
    expect(length).toBe(held.join('').length);
    expect(length).toBeLessThanOrEqual(65_536);
    expect(held[0]).toHaveLength(8192 + '...'.length);
  });

  test('of all requests that are under way are bounded, and each may hold some of its own', () => {
    const lines = new RequestLines();
    const open = Array.from({ length: 1000 }, () => ended());
    const beyond = dropsIn('lines of kept traces', 'all_requests_cap', () => {
      for (const exchange of open) lines.add(exchange, line('r', 'x'.repeat(8000)));
    });
    expect(beyond).toBeGreaterThan(400);
    const late = ended();
    lines.add(late, line('late', 'failed'));
    expect(events(lines.taken(late).lines)).toEqual(['failed']);
    const held = open.flatMap((exchange) => lines.taken(exchange).lines);
    expect(held.length + beyond).toBe(1000);
    expect(held.join('').length).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  test('of those that have ended make room, also of a request that another set of lines began', () => {
    const [before, lines] = [new RequestLines(), new RequestLines()];
    const open = Array.from({ length: 600 }, () => ended());
    for (const exchange of open) before.add(exchange, line('r', 'x'.repeat(8000)));
    for (const exchange of open) lines.release(exchange);
    const counted = dropsIn('lines of kept traces', 'all_requests_cap', () => {
      for (let i = 0; i < 600; i++) {
        const exchange = ended();
        lines.add(exchange, line('r', 'x'.repeat(8000)));
        lines.release(exchange);
      }
    });
    expect(counted).toBe(0);
  });

  test('that a kept trace has taken may grow by little once the request is over', () => {
    const lines = new RequestLines();
    const exchange = ended();
    const taken = lines.taken(exchange);
    lines.release(exchange);
    for (let i = 0; i < 50; i++) lines.add(exchange, line('r', 'x'.repeat(1000)));
    expect(taken.length).toBeGreaterThan(1000);
    expect(taken.length).toBeLessThanOrEqual(4096);
  });
});

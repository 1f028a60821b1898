import { describe, expect, test } from 'vitest';
import { LogStore } from '../../examples/demo/log-store.mjs';

const line = (id: string, event: string): Record<string, unknown> => ({ correlation_id: id, event });

describe('the log store', () => {
  test('keeps the lines of one request together, in the order in which they came', () => {
    const store = new LogStore();
    for (const [id, event] of ['a1', 'b1', 'a2', 'b2'].map((name) => [...name] as [string, string]))
      store.add(line(id, event));
    expect(store.linesOf('a')).toEqual([line('a', '1'), line('a', '2')]);
    expect(store.ids()).toEqual(['a', 'b']);
  });

  test('drops the oldest request when there is no room, and counts it', () => {
    const store = new LogStore({ maxRequests: 2 });
    for (const id of ['a', 'b', 'a', 'c', 'd']) store.add(line(id, 'event'));
    expect(store.ids()).toEqual(['c', 'd']);
    expect(store.linesOf('a')).toEqual([]);
    expect(store.dropped).toEqual({ requests: 2, lines: 0 });
  });

  test('keeps the first lines of a request that has too many, and counts the others', () => {
    const store = new LogStore({ maxLines: 2 });
    for (const event of ['1', '2', '3']) store.add(line('a', event));
    expect(store.linesOf('a')).toEqual([line('a', '1'), line('a', '2')]);
    expect(store.dropped).toEqual({ requests: 0, lines: 1 });
  });

  test('keeps 2,000 requests by default', () => {
    const store = new LogStore();
    for (let i = 0; i < 2500; i++) store.add(line(String(i), 'event'));
    expect(store.size).toBe(2000);
    expect(store.dropped.requests).toBe(500);
  });

  test('does not keep lines that belong to no request', () => {
    const store = new LogStore();
    store.add({ event: 'listening' });
    expect(store.size).toBe(0);
  });

  test('what it gives away can be changed without changing it', () => {
    const store = new LogStore();
    store.add(line('a', '1'));
    store.linesOf('a').length = 0;
    expect(store.linesOf('a')).toHaveLength(1);
  });
});

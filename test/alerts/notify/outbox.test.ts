import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outbox } from '../../../src/alerts/notify/outbox.js';
import { type AlertSink, DeliveryError, type Message, type Pace } from '../../../src/alerts/sinks/alert.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { manualClock } from '../../../src/testing/manual-clock.js';

const message = (atMs = 0): Message => ({ groupLabels: {}, alerts: [], atMs });
/** Promises that wait for nothing but each other have settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

function outbox(deliver: AlertSink['deliver'], pace: Pace = 'group') {
  const clock = manualClock();
  return { clock, box: new Outbox({ name: 'test', pace, deliver }, clock, () => 1) };
}

test('messages are delivered one at a time, in order', async () => {
  const got: number[] = [];
  let open = 0;
  const { box } = outbox(async ({ atMs }) => {
    expect(++open).toBe(1);
    await settled();
    got.push(atMs);
    open--;
  });
  for (const atMs of [1, 2, 3]) box.put(message(atMs));
  for (let i = 0; i < 10; i++) await settled();
  expect(got).toEqual([1, 2, 3]);
  expect(box.counts).toEqual({ taken: 3, delivered: 3, lost: 0, waiting: 0 });
});

test('what fails is tried four times, later each time, and then counted and told', async () => {
  const drop = vi.spyOn(diagnostics, 'drop');
  const at: number[] = [];
  const { box, clock } = outbox(() => {
    at.push(clock.monotonic() / 1000);
    throw new Error('no route');
  });
  box.put(message());
  for (let i = 0; i < 20; i++) {
    await settled();
    clock.advance(1000);
  }
  expect(at).toEqual([0, 1, 3, 7]);
  expect(box.counts).toMatchObject({ lost: 1, waiting: 0 });
  expect(drop).toHaveBeenCalledExactlyOnceWith('notifications', 'failed');
  expect(warn).toHaveBeenCalledWith('alerts sink test', 'an alert did not reach test: no route');
});

test('what was refused for good is not tried again', async () => {
  const deliver = vi.fn(() => Promise.reject(new DeliveryError('HTTP 400', false)));
  const { box } = outbox(deliver);
  box.put(message());
  await settled();
  expect(deliver).toHaveBeenCalledTimes(1);
  expect(box.counts.lost).toBe(1);
});

test('a receiver that asks for quiet gets it', async () => {
  const at: number[] = [];
  const { box, clock } = outbox(() => {
    at.push(clock.monotonic() / 1000);
    if (at.length === 1) throw new DeliveryError('HTTP 429', true, 20_000);
  });
  box.put(message());
  for (let i = 0; i < 30; i++) {
    await settled();
    clock.advance(1000);
  }
  expect(at).toEqual([0, 20]);
  expect(box.counts.delivered).toBe(1);
});

test('a sink that never answers is aborted after three seconds', async () => {
  const signals: AbortSignal[] = [];
  const { box, clock } = outbox((_message, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  box.put(message());
  clock.advance(2999);
  await settled();
  expect(signals[0]?.aborted).toBe(false);
  clock.advance(1);
  await settled();
  expect(signals[0]?.aborted).toBe(true);
  clock.advance(1000); // the wait before the second attempt
  await settled();
  expect(signals).toHaveLength(2);
});

test('a full box loses its oldest and counts them', async () => {
  const got: number[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { box } = outbox(async ({ atMs }) => {
    await gate;
    got.push(atMs);
  });
  for (let atMs = 0; atMs <= 105; atMs++) box.put(message(atMs));
  expect(box.counts).toEqual({ taken: 106, delivered: 0, lost: 5, waiting: 101 });
  open();
  for (let i = 0; i < 300; i++) await settled();
  expect(got).toEqual([0, ...Array.from({ length: 100 }, (_, i) => i + 6)]);
});

test('a newer state takes the place of one that waits, and nothing is lost by that', async () => {
  const got: number[] = [];
  const { box } = outbox(async ({ atMs }) => {
    await settled();
    got.push(atMs);
  }, 'state');
  for (const atMs of [1, 2, 3]) box.put(message(atMs));
  for (let i = 0; i < 6; i++) await settled();
  expect(got).toEqual([1, 3]);
  expect(box.counts).toEqual({ taken: 2, delivered: 2, lost: 0, waiting: 0 });
});

test('closing waits for what is under way, and gives up what is not there in time', async () => {
  const { box, clock } = outbox(() => new Promise(() => undefined));
  box.put(message());
  box.put(message());
  const closed = box.close(500);
  clock.advance(500);
  await closed;
  expect(box.counts).toEqual({ taken: 2, delivered: 0, lost: 2, waiting: 0 });
  box.put(message());
  expect(box.counts.taken).toBe(2);
});

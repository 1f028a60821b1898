import { expect, test, vi } from 'vitest';
import { DeliveryError, Outbox, type OutboxOptions, type Recipient } from '../../src/core/outbox.js';
import { manualClock } from '../../src/testing/manual-clock.js';

interface Item {
  readonly id: number;
}

const item = (id = 0): Item => ({ id });
/** Promises that wait for nothing but each other have settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function outbox(deliver: Recipient<Item>['deliver'], options: Partial<OutboxOptions> = {}) {
  const clock = manualClock();
  const lost: [id: number, reason: string, why: string][] = [];
  const close = vi.fn();
  const recipient = {
    deliver,
    close,
    lost: ({ id }: Item, reason: string, why: string) => lost.push([id, reason, why]),
  };
  return { clock, lost, close, box: new Outbox<Item>(recipient, { clock, random: () => 1, ...options }) };
}

/** When it is tried within half a minute, in seconds. */
async function triesOf(failure: (tries: number) => unknown, options: Partial<OutboxOptions> = {}) {
  const at: number[] = [];
  const made = outbox(() => {
    at.push(made.clock.monotonic() / 1000);
    const cause = failure(at.length);
    if (cause !== undefined) throw cause;
  }, options);
  made.box.put(item(7));
  for (let i = 0; i < 30; i++) {
    await settled();
    made.clock.advance(1000);
  }
  return { at, lost: made.lost, counts: made.box.counts };
}

test('what is put in is delivered one at a time, in order', async () => {
  const got: number[] = [];
  let open = 0;
  const { box } = outbox(async ({ id }) => {
    expect(++open).toBe(1);
    await settled();
    got.push(id);
    open--;
  });
  for (const id of [1, 2, 3]) box.put(item(id));
  await box.flush();
  expect(got).toEqual([1, 2, 3]);
  expect(box.counts).toEqual({ taken: 3, delivered: 3, lost: 0, waiting: 0 });
});

test('what fails is tried four times, later each time, and then given up', async () => {
  const { at, lost, counts } = await triesOf(() => new Error('no route'));
  expect(at).toEqual([0, 1, 3, 7]);
  expect(counts).toMatchObject({ lost: 1, waiting: 0 });
  expect(lost).toEqual([[7, 'failed', 'no route']]);
});

test('it is tried as often as is asked for', async () => {
  expect((await triesOf(() => new Error('no route'), { attempts: 2 })).at).toEqual([0, 1]);
});

test('why none of several addresses answered is told of each', async () => {
  const none = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]);
  expect((await triesOf(() => none)).lost).toEqual([[7, 'failed', 'refused by ::1; refused by 127.0.0.1']]);
});

test('what was refused for good is not tried again', async () => {
  const { at, lost } = await triesOf(() => new DeliveryError('HTTP 400', false));
  expect(at).toEqual([0]);
  expect(lost).toEqual([[7, 'failed', 'HTTP 400']]);
});

test('a receiver that asks for quiet gets it', async () => {
  const { at, counts } = await triesOf((tries) =>
    tries === 1 ? new DeliveryError('HTTP 429', true, 20_000) : undefined,
  );
  expect(at).toEqual([0, 20]);
  expect(counts.delivered).toBe(1);
});

test('a recipient that never answers is aborted after three seconds', async () => {
  const signals: AbortSignal[] = [];
  const { box, clock } = outbox((_item, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  box.put(item());
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

test('a full box loses its oldest and says so', async () => {
  const got: number[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { box, lost } = outbox(async ({ id }) => {
    await gate;
    got.push(id);
  });
  for (let id = 0; id <= 105; id++) box.put(item(id));
  expect(box.counts).toEqual({ taken: 106, delivered: 0, lost: 5, waiting: 101 });
  expect(lost).toEqual([1, 2, 3, 4, 5].map((id) => [id, 'queue_full', 'more than 100 wait']));
  open();
  await box.flush();
  expect(got).toEqual([0, ...Array.from({ length: 100 }, (_, i) => i + 6)]);
});

test('where the newest says all, it takes the place of what waits, and nothing is lost by that', async () => {
  const got: number[] = [];
  const { box, lost } = outbox(
    async ({ id }) => {
      await settled();
      got.push(id);
    },
    { newestOnly: true },
  );
  for (const id of [1, 2, 3]) box.put(item(id));
  await box.flush();
  expect(got).toEqual([1, 3]);
  expect(box.counts).toEqual({ taken: 2, delivered: 2, lost: 0, waiting: 0 });
  expect(lost).toEqual([]);
});

test.each([500, 0])('closing gives up what is not there within %i ms, and takes nothing more', async (leftMs) => {
  const { box, clock, lost, close } = outbox(() => new Promise(() => undefined));
  box.put(item(1));
  box.put(item(2));
  const closed = box.close(leftMs);
  if (leftMs > 0) clock.advance(leftMs);
  await closed;
  expect(box.counts).toEqual({ taken: 2, delivered: 0, lost: 2, waiting: 0 });
  expect(lost.map(([id, reason]) => [id, reason])).toEqual([
    [1, 'shutdown'],
    [2, 'shutdown'],
  ]);
  expect(close).toHaveBeenCalledTimes(1);
  box.put(item(3));
  expect(box.counts.taken).toBe(2);
});

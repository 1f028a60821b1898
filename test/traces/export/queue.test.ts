import { describe, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../../src/testing/manual-clock.js';
import type { FinishedSpan } from '../../../src/traces/export/finished-span.js';
import { ExportQueue, type QueueOptions } from '../../../src/traces/export/queue.js';
import type { SendResult, SpanSender } from '../../../src/traces/export/span-sender.js';
import { random } from '../../support/random.js';
import { spans } from '../exporters/spans.js';
import { difference, listener, sum, type Told } from './harness.js';

const accepted: SendResult = { status: 'accepted', rejected: 0 };
const busy: SendResult = { status: 'retryable', reason: 'busy' };

interface Setting extends Omit<Partial<QueueOptions>, 'sender'> {
  readonly answer: (attempt: number, signal: AbortSignal) => Promise<SendResult> | SendResult;
  readonly maxSenders?: number;
}

interface Scene {
  readonly queue: ExportQueue;
  readonly clock: ManualClock;
  readonly told: Told;
  readonly batches: (readonly FinishedSpan[])[];
  readonly closed: () => number;
  /** Lets time pass and answers come in. */
  pass(ms: number): Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

function scene({ answer, maxSenders, ...limits }: Setting): Scene {
  const clock = manualClock();
  const told = listener();
  const batches: (readonly FinishedSpan[])[] = [];
  let closed = 0;
  const sender: SpanSender = {
    name: 'fake',
    endpoint: 'nowhere',
    timeoutMs: 10_000,
    ...(maxSenders !== undefined && { maxInFlight: maxSenders }),
    send: async (given, signal) => {
      batches.push(given);
      return answer(batches.length, signal);
    },
    close: () => void closed++,
  };
  const queue = new ExportQueue({ sender, clock, diagnostics: told, random: () => 0.5, ...limits });
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(Math.min(100, left));
      await settle();
      expect(difference(queue.ledger)).toBe(0);
    }
  };
  return { queue, clock, told, batches, closed: () => closed, pass };
}

const never = (): Promise<SendResult> => new Promise(() => {});
const sizes = (batches: Scene['batches']): number[] => batches.map((batch) => batch.length);

describe('batches', () => {
  test('wait for the delay, or until they are full', async () => {
    const { queue, batches, pass } = scene({ answer: () => accepted, maxBatch: 10 });
    queue.add(spans(3));
    await pass(900);
    expect(batches).toEqual([]);
    await pass(100);
    expect(sizes(batches)).toEqual([3]);
    queue.add(spans(25));
    await settle();
    expect(sizes(batches)).toEqual([3, 10, 10]);
    await pass(1000);
    expect(sizes(batches)).toEqual([3, 10, 10, 5]);
    expect(queue.ledger).toMatchObject({ ended: 28, delivered: 28, queued: 0 });
  });

  test('over the bound the newest are dropped, and what is in flight counts', async () => {
    const { queue, told } = scene({ answer: never, maxQueue: 20, maxBatch: 10 });
    queue.add(spans(15));
    await settle();
    queue.add(spans(15));
    expect(queue.ledger).toMatchObject({ ended: 30, queued: 20, dropped: { queue_full: 10 } });
    expect(told.drops).toEqual({ 'spans queue_full': 10 });
  });

  test('concurrency grows with each success and falls to one with a failure', async () => {
    const open: ((result: SendResult) => void)[] = [];
    const { queue, batches } = scene({
      answer: () => new Promise((resolve) => open.push(resolve)),
      maxBatch: 10,
      maxInFlight: 3,
    });
    const answer = async (result: SendResult): Promise<void> => {
      open.shift()?.(result);
      await settle();
    };
    queue.add(spans(200));
    await settle();
    expect([batches.length, open.length]).toEqual([1, 1]);
    await answer(accepted);
    expect(open.length).toBe(2);
    await answer(accepted);
    expect(open.length).toBe(3);
    await answer(accepted);
    expect(open.length).toBe(3);
    await answer(busy);
    await answer(accepted);
    expect(open.length).toBe(1);
  });

  test('a sender may ask for one at a time', async () => {
    const { queue, batches } = scene({ answer: (n) => (n < 3 ? accepted : never()), maxBatch: 10, maxSenders: 1 });
    queue.add(spans(100));
    await settle();
    await settle();
    expect(batches.length).toBe(3);
  });
});

describe('retry', () => {
  test('backs off, sends the same batch first, and gives up with a reason', async () => {
    const { queue, batches, pass, told } = scene({ answer: () => busy, maxBatch: 10, maxAttempts: 3 });
    queue.add(spans(10));
    await pass(700);
    expect(batches.length).toBe(1);
    await pass(100);
    expect(batches.length).toBe(2);
    await pass(3000);
    expect(batches.length).toBe(3);
    expect(new Set(batches).size).toBe(1);
    expect(queue.ledger).toMatchObject({ queued: 0, dropped: { retry_exhausted: 10 } });
    expect(told.warnings[0]?.message).toContain('busy (retry_exhausted)');
  });

  test('an age ends it as well', async () => {
    const { queue, pass } = scene({ answer: () => busy, maxAgeMs: 20_000, maxAttempts: 1000 });
    queue.add(spans(1));
    await pass(19_000);
    expect(queue.ledger.dropped.retry_exhausted).toBe(1);
  });

  test("the receiver's Retry-After holds all batches, a flush included", async () => {
    const wait: SendResult = { status: 'retryable', reason: 'HTTP 429', retryAfterMs: 5000 };
    const { queue, batches, pass } = scene({ answer: (n) => (n === 1 ? wait : accepted), maxBatch: 10 });
    queue.add(spans(30));
    await pass(4000);
    expect(batches.length).toBe(1);
    await queue.flush(500); // it is clear at once that nothing will be sent in that time
    expect(batches.length).toBe(1);
    await pass(1500);
    expect(queue.ledger.delivered).toBe(30);
  });

  test('a rejected batch is not sent again', async () => {
    const { queue, batches, pass } = scene({ answer: () => ({ status: 'rejected', reason: 'HTTP 400' }) });
    queue.add(spans(7));
    await pass(60_000);
    expect(batches.length).toBe(1);
    expect(queue.ledger).toMatchObject({ queued: 0, dropped: { rejected: 7 } });
  });

  test.each([
    [-5, 0],
    [3, 3],
    [1e9, 10],
    [Number.NaN, 0],
    [2.9, 2],
  ])('a receiver that rejects %d of 10 costs %d', async (rejected, lost) => {
    const { queue, pass } = scene({ answer: () => ({ status: 'accepted', rejected }) });
    queue.add(spans(10));
    await pass(1000);
    expect(queue.ledger).toMatchObject({ delivered: 10 - lost, dropped: { partial: lost }, queued: 0 });
  });
});

describe('a sender that misbehaves', () => {
  test('throws: its batch is rejected with the words', async () => {
    const { queue, pass, told } = scene({
      answer: () => {
        throw new Error('cannot encode');
      },
    });
    queue.add(spans(2));
    await pass(1000);
    expect(queue.ledger.dropped.rejected).toBe(2);
    expect(told.warnings[0]?.message).toContain('cannot encode');
  });

  test('never answers and does not heed the signal: the deadline settles it, once', async () => {
    const late: ((result: SendResult) => void)[] = [];
    const { queue, pass } = scene({ answer: () => new Promise((resolve) => late.push(resolve)) });
    queue.add(spans(2));
    await pass(11_100);
    expect(queue.ledger).toMatchObject({ queued: 0, dropped: { rejected: 2 } });
    late[0]?.(accepted);
    await pass(100);
    expect(queue.ledger).toMatchObject({ delivered: 0, dropped: { rejected: 2 } });
  });
});

describe('the end', () => {
  test('flush resolves when all that had ended is settled', async () => {
    const { queue, pass } = scene({ answer: () => accepted, maxBatch: 10 });
    queue.add(spans(45));
    const flushed = queue.flush(1000);
    await settle();
    await flushed;
    expect(queue.ledger).toMatchObject({ delivered: 45, queued: 0 });
    await queue.flush(1000); // nothing to do: at once
    await pass(100);
  });

  test('shutdown sends what there is, closes the sender, and takes nothing more', async () => {
    const { queue, closed } = scene({ answer: () => accepted });
    queue.add(spans(5));
    await Promise.all([queue.shutdown(2000), queue.shutdown(2000)]);
    expect([queue.ledger.delivered, closed()]).toEqual([5, 1]);
    queue.add(spans(2));
    expect(queue.ledger).toMatchObject({ ended: 7, queued: 0, dropped: { shutdown: 2 } });
  });

  test('shutdown gives up at the deadline and aborts what is in flight; a late answer changes nothing', async () => {
    let signal: AbortSignal | undefined;
    let answer: ((result: SendResult) => void) | undefined;
    const { queue, pass } = scene({
      answer: (_n, given) => {
        signal = given;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    queue.add(spans(5));
    const stopped = queue.shutdown(2000);
    await pass(1900);
    await stopped;
    expect(queue.ledger).toMatchObject({ queued: 0, dropped: { shutdown: 5 } });
    expect(signal?.aborted).toBe(true);
    answer?.(accepted);
    await pass(100);
    expect(queue.ledger).toMatchObject({ delivered: 0, dropped: { shutdown: 5 } });
  });

  test('one quick second try, and no waiting when the next would come too late', async () => {
    const { queue, batches, pass } = scene({ answer: () => busy });
    queue.add(spans(5));
    await pass(30_000); // several failures: the next try is far away
    const before = batches.length;
    const stopped = queue.shutdown(2000);
    await pass(200);
    await stopped;
    expect(batches.length - before).toBe(2);
    expect(queue.ledger.dropped.shutdown + queue.ledger.dropped.retry_exhausted).toBe(5);
  });
});

describe('the voice', () => {
  const codes = (told: Told): string[] => told.warnings.map(({ code }) => code.replace('traces.export.fake.', ''));

  test('a failure that the second try heals is not told', async () => {
    const { queue, pass, told } = scene({ answer: (n) => (n === 1 ? busy : accepted) });
    queue.add(spans(5));
    await pass(60_000);
    expect(told.warnings).toEqual([]);
  });

  test('trouble without loss is told within 10 s, once, and so is its end', async () => {
    let well = false;
    const { queue, pass, told } = scene({ answer: () => (well ? accepted : busy) });
    queue.add(spans(5));
    await pass(4000);
    expect(codes(told)).toEqual([]);
    await pass(6000);
    expect(codes(told)).toEqual(['failing']);
    expect(told.warnings[0]?.message).toBe('spans cannot be delivered: fake at nowhere: busy');
    well = true;
    await pass(40_000);
    expect(codes(told)).toEqual(['failing', 'recovered']);
    expect(told.warnings[1]?.message).toMatch(/^spans are delivered again: fake at nowhere; 0 were lost in \d+ s$/);
  });

  test('an attempt without an answer is told within 10 s, before its deadline', async () => {
    const { queue, pass, told } = scene({ answer: never, delayMs: 100 });
    queue.add(spans(5));
    await pass(9000);
    expect(codes(told)).toEqual(['failing']);
    expect(told.warnings[0]?.message).toContain('no answer for 5 s');
  });

  test('loss is told at once, and a receiver that is up and down gets at most one warning a minute', async () => {
    const { queue, pass, told } = scene({
      answer: (n) => (n % 2 === 0 ? accepted : { status: 'rejected', reason: 'HTTP 500' }),
    });
    queue.add(spans(5));
    await pass(1000);
    expect(codes(told)).toEqual(['failing']);
    for (let second = 0; second < 300; second += 10) {
      queue.add(spans(5));
      await pass(10_000);
    }
    const warned = codes(told).filter((code) => code === 'failing').length;
    expect(warned).toBeGreaterThan(2);
    expect(warned).toBeLessThanOrEqual(6);
  });
});

test('the ledger balances at every moment, whatever the sender and the callers do (200 histories by chance)', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
    const results: readonly SendResult[] = [
      accepted,
      busy,
      { status: 'accepted', rejected: Math.floor(next() * 40) - 10 },
      { status: 'rejected', reason: 'no' },
      { status: 'retryable', reason: '429', retryAfterMs: Math.floor(next() * 4000) },
    ];
    const { queue, clock } = scene({
      answer: (_n, signal) => {
        expect(difference(queue.ledger)).toBe(0);
        if (next() < 0.2)
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(pick(results))));
        return next() < 0.5 ? pick(results) : settle().then(() => pick(results));
      },
      maxQueue: 60,
      maxBatch: 16,
      maxInFlight: 3,
      maxAttempts: 4,
      maxAgeMs: 20_000,
      random: next,
    });
    let ended = 0;
    const steps = [
      () => {
        const count = Math.floor(next() * 30);
        ended += count;
        queue.add(spans(count));
      },
      () => clock.advance(next() * 3000),
      () => settle(),
      () => void queue.flush(next() * 2000),
    ];
    for (let step = 0; step < 40; step++) {
      await pick(steps)();
      expect(difference(queue.ledger)).toBe(0);
    }
    const stopped = queue.shutdown(2000);
    expect(difference(queue.ledger)).toBe(0);
    for (let i = 0; i < 25; i++) {
      clock.advance(100);
      await settle();
    }
    await stopped;
    const { ledger } = queue;
    expect({ ...ledger, dropped: sum(ledger.dropped) }).toEqual({
      ended,
      delivered: ended - sum(ledger.dropped),
      dropped: sum(ledger.dropped),
      queued: 0,
    });
  }
});

test('the check of the balance would see one span too many', () => {
  const dropped = { queue_full: 0, rejected: 1, partial: 0, retry_exhausted: 0, shutdown: 0 };
  expect(difference({ ended: 10, delivered: 8, dropped, queued: 1 })).toBe(0);
  expect(difference({ ended: 10, delivered: 8, dropped, queued: 2 })).toBe(-1);
});

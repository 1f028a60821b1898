import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sink } from '../../src/core/sink.js';
import { Backlog } from '../../src/logs/destination-backlog.js';

const NOTHING_NOW = Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' });

/** Takes at each call as many bytes as `mood` says next: 0 is a refusal, and an exhausted mood takes all. */
function moody(mood: readonly number[]): Sink & { text(): string } {
  const moods = [...mood];
  const got: Buffer[] = [];
  return {
    write: (bytes, offset) => {
      const wanted = moods.shift() ?? Number.POSITIVE_INFINITY;
      if (wanted === 0) throw NOTHING_NOW;
      const taken = bytes.subarray(offset, Math.min(bytes.length, offset + wanted));
      got.push(Buffer.from(taken));
      return taken.length;
    },
    close: () => {},
    text: () => Buffer.concat(got).toString(),
  };
}

function attempt(backlog: Backlog, sink: Sink): void {
  try {
    backlog.writeTo(sink);
  } catch (cause) {
    expect(cause).toBe(NOTHING_NOW);
    backlog.settle();
  }
}

const aLine = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `${text.replaceAll('\n', '')}\n`);
const aBatch = fc.array(aLine, { minLength: 1, maxLength: 5 });

describe('a backlog', () => {
  test('gives every line once, whole and in order, whatever the sink takes at a time', () => {
    fc.assert(
      fc.property(fc.array(aBatch), fc.array(fc.nat(7)), (batches, mood) => {
        const backlog = new Backlog(1e6);
        const sink = moody(mood);
        for (const lines of batches) {
          expect(backlog.add(Buffer.from(lines.join('')), lines.length)).toBe(true);
          attempt(backlog, sink);
        }
        while (backlog.lines > 0) attempt(backlog, sink);
        expect(sink.text()).toBe(batches.flat().join(''));
      }),
    );
  });

  test('counts a line as gone when its newline has been taken, not before', () => {
    fc.assert(
      fc.property(aBatch, fc.array(fc.nat(7), { minLength: 1 }), (lines, mood) => {
        const backlog = new Backlog(1e6);
        const sink = moody([...mood, 0]);
        backlog.add(Buffer.from(lines.join('')), lines.length);
        attempt(backlog, sink);
        const whole = sink.text().split('\n').length - 1;
        expect(backlog.lines).toBe(lines.length - whole);
      }),
    );
  });

  test('is bounded in bytes of UTF-8, not in characters', () => {
    const backlog = new Backlog(100);
    expect(backlog.add(Buffer.from('a\n'), 1)).toBe(true);
    expect(backlog.add(Buffer.from(`${'€'.repeat(40)}\n`), 1)).toBe(false);
    expect(backlog.add(Buffer.from(`${'e'.repeat(40)}\n`), 1)).toBe(true);
    expect(backlog.add(Buffer.from(`${'e'.repeat(60)}\n`), 1)).toBe(false);
    expect(backlog.lines).toBe(2);
  });

  test('counts a line that has a newline inside as one', () => {
    const backlog = new Backlog(100);
    const sink = moody([2, 0, 0]);
    backlog.add(Buffer.from('a\nb\n'), 1);
    attempt(backlog, sink);
    attempt(backlog, sink);
    expect(backlog).toMatchObject({ lines: 0, empty: false });
    attempt(backlog, sink);
    expect(sink.text()).toBe('a\nb\n');
    expect(backlog.empty).toBe(true);
  });

  test('takes any batch when it is empty, as the sink may well take it at once', () => {
    expect(new Backlog(10).add(Buffer.from('more than ten bytes\n'), 1)).toBe(true);
  });

  test('keeps what waits when the bytes that were handed over are used again', () => {
    const backlog = new Backlog(100);
    const sink = moody([2, 0]);
    const shared = Buffer.from('first\n');
    backlog.add(shared, 1);
    attempt(backlog, sink);
    backlog.own();
    shared.write('LATER\n');
    attempt(backlog, sink);
    expect(sink.text()).toBe('first\n');
  });

  test('treats a sink that takes no byte like one that refuses', () => {
    const backlog = new Backlog(100);
    backlog.add(Buffer.from('a\n'), 1);
    expect(() => backlog.writeTo({ write: () => 0, close: () => {} })).toThrow('nothing was taken');
  });
});

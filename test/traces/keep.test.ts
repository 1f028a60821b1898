import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FinishedSpan } from '../../src/traces/export/finished-span.js';
import { KeepProcessor, type KeptBecause, type NotKept, SLOW } from '../../src/traces/keep.js';
import { hexOf, span } from './exporters/spans.js';

type Made = FinishedSpan & {
  readonly [key: symbol]: unknown;
  readonly set: Record<string, string>;
  setAttribute(name: string, value: string): void;
};

interface Shape {
  readonly failed?: boolean;
  readonly sampled?: boolean;
  readonly slow?: boolean;
  readonly ms?: number;
  readonly text?: string;
}

let next = 0;

function made({ failed = false, sampled = false, slow = false, ms = 5, text = '' }: Shape = {}): Made {
  const set: Record<string, string> = {};
  const base = span(next++, {
    own: { traceFlags: sampled ? 1 : 0, spanId: hexOf(next) },
    status: { code: failed ? 2 : 0 },
    duration: [0, ms * 1e6],
    attributes: { text },
  });
  const more: { readonly [key: symbol]: unknown } = slow ? { [SLOW]: true } : {};
  return Object.assign(
    base,
    {
      set,
      setAttribute: (name: string, value: string) => {
        set[name] = value;
      },
    },
    more,
  );
}

/** OpenTelemetry's context, here the parent itself. */
type Parent = Made | undefined;

function scene({ errors = true, slowerThanMs = 100 } = {}) {
  const kept: { because: KeptBecause; spans: readonly FinishedSpan[] }[] = [];
  const dropped: Partial<Record<NotKept, number>> = {};
  const processor = new KeepProcessor(
    { errors, slowerThanMs },
    {
      kept: (spans, because) => void kept.push({ because, spans }),
      dropped: (reason, count) => {
        dropped[reason] = (dropped[reason] ?? 0) + count;
      },
    },
    (context) => context as unknown as object | undefined,
  );
  const start = (parent: Parent, shape?: Shape): Made => {
    const one = made(shape);
    processor.onStart(one, parent as never);
    return one;
  };
  const end = (one: Made): void => {
    processor.onEnding(one);
    processor.onEnd(one);
  };
  const sum = (): number =>
    kept.reduce((total, { spans }) => total + spans.length, 0) +
    Object.values(dropped).reduce((total, count) => total + count, 0) +
    processor.waiting;
  return { processor, kept, dropped, start, end, sum };
}

describe('at the end of a local root, its trace', () => {
  test.each([
    ['that failed', { failed: true }, 'error'],
    ['that was marked as slow', { slow: true }, 'slow'],
    ['over the fixed limit', { ms: 101 }, 'slow'],
    ['that the head chose', { sampled: true }, 'sampled'],
    ['that the head chose and that failed', { sampled: true, failed: true }, 'error'],
  ] as [string, Shape, KeptBecause][])('%s is kept, children first', (_name, shape, because) => {
    const { kept, start, end } = scene();
    const root = start(undefined, shape);
    const child = start(root, { sampled: shape.sampled ?? false });
    end(child);
    expect(kept).toEqual([]);
    end(root);
    expect(kept).toEqual([{ because, spans: [child, root] }]);
  });

  test('of which nothing is to be said goes no further, and is counted', () => {
    const { kept, dropped, start, end } = scene();
    const root = start(undefined);
    end(start(root, { failed: true }));
    end(root);
    expect(kept).toEqual([]);
    expect(dropped).toEqual({ not_kept: 2 });
  });

  test('is marked when it is kept against the sampling, and only then', () => {
    const { start, end } = scene();
    const shapes: Shape[] = [{ failed: true }, { failed: true, sampled: true }, { ms: 500 }, {}];
    const marks = shapes.map((shape) => {
      const root = start(undefined, shape);
      end(root);
      return root.set['fourlights.kept'];
    });
    expect(marks).toEqual(['error', undefined, 'slow', undefined]);
  });

  test('is followed by spans that end later', () => {
    const { kept, dropped, start, end } = scene();
    const good = start(undefined);
    const bad = start(undefined, { failed: true });
    const [late, lost] = [start(bad), start(good)];
    end(good);
    end(bad);
    end(late);
    end(lost);
    expect(kept.map(({ because, spans }) => [because, spans.length])).toEqual([
      ['error', 1],
      ['error', 1],
    ]);
    expect(dropped).toEqual({ not_kept: 2 });
  });
});

describe('what is held is bounded', () => {
  test('over 1000 spans, a trace loses further ones but not its root', () => {
    const { kept, dropped, start, end } = scene();
    const root = start(undefined, { failed: true });
    for (let i = 0; i < 1200; i++) end(start(root));
    end(root);
    expect(kept[0]?.spans).toHaveLength(1001);
    expect(kept[0]?.spans.at(-1)).toBe(root);
    expect(dropped).toEqual({ trace_too_large: 200 });
  });

  test('over 5000 open traces, the oldest goes with its spans', () => {
    const { dropped, start, end, processor } = scene();
    const roots = Array.from({ length: 5000 }, () => start(undefined, { failed: true }));
    end(start(roots[0]));
    end(start(roots[1]));
    start(undefined);
    expect(dropped).toEqual({ too_many_open: 1 });
    expect(processor.waiting).toBe(1);
    end(roots[0] as Made);
    expect(dropped).toEqual({ too_many_open: 1, not_kept: 1 });
  });

  test('over 32 MiB of spans that wait, the oldest goes', () => {
    const { dropped, start, end, processor } = scene();
    const [first, second] = [start(undefined), start(undefined)];
    const text = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 20; i++) end(start(first, { text }));
    for (let i = 0; i < 12; i++) end(start(second, { text }));
    expect(dropped).toEqual({ too_many_bytes: 20 });
    expect(processor.waiting).toBe(12);
  });
});

describe('when the process may end', () => {
  test('what was sampled or has failed goes on though its root is open; the rest waits', () => {
    const { kept, start, end, processor } = scene();
    const [sampled, failed, plain] = [start(undefined, { sampled: true }), start(undefined), start(undefined)];
    end(start(sampled, { sampled: true }));
    end(start(failed, { failed: true }));
    end(start(plain));
    processor.settle();
    expect(kept.map(({ because }) => because)).toEqual(['sampled', 'error']);
    expect(processor.waiting).toBe(1);
    end(sampled);
    expect(kept).toHaveLength(3);
  });

  test('at shutdown all is decided', async () => {
    const { dropped, start, end, processor } = scene();
    end(start(start(undefined)));
    await processor.shutdown();
    expect(processor.waiting).toBe(0);
    expect(dropped).toEqual({ not_kept: 1 });
  });
});

/** What may happen: a span starts under one of those that are open or ended, or a random open one ends. */
const steps = fc.array(
  fc.oneof(
    fc.record({ start: fc.nat(30), failed: fc.boolean(), sampled: fc.boolean(), ms: fc.integer({ min: 0, max: 200 }) }),
    fc.record({ end: fc.nat(30) }),
    fc.constant({ settle: true }),
  ),
  { maxLength: 200 },
);

test('in any order of starts and ends, every span that ended is kept, dropped or waiting, exactly once', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { processor, kept, start, end, sum } = scene();
      const open: Made[] = [];
      const all: Parent[] = [undefined];
      let ended = 0;
      for (const step of list) {
        if ('start' in step) {
          const one = start(all[step.start % all.length], step);
          open.push(one);
          all.push(one);
        } else if ('end' in step && open.length > 0) {
          end(open.splice(step.end % open.length, 1)[0] as Made);
          ended++;
        } else if ('settle' in step) processor.settle();
        expect(sum()).toBe(ended);
      }
      const out = kept.flatMap(({ spans }) => spans.map((one) => one.spanContext().spanId));
      expect(new Set(out).size).toBe(out.length);
    }),
    { numRuns: 300 },
  );
});

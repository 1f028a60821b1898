import type { FinishedSpan, SpanIdentity } from '../../../src/traces/export/finished-span.js';

export const TRACE = '5b8efff798038103d269b633813fc60c';
export const PARENT = 'eee19b7ec3c1b173';

export const resource = { attributes: { 'service.name': 'Checkout', 'service.version': '1.2.3' } };
export const scope = { name: 'fourlights', version: '0.1.0' };

export const hexOf = (n: number): string => n.toString(16).padStart(16, '0');

export function identity(spanId: string, more: Partial<SpanIdentity> = {}): SpanIdentity {
  return { traceId: TRACE, spanId, traceFlags: 1, ...more };
}

/** A server span of 1.5 s that ended well, a child of a remote one, unless told otherwise. */
export function span(
  n: number,
  more: Partial<FinishedSpan> & { readonly own?: Partial<SpanIdentity> } = {},
): FinishedSpan {
  const { own, ...fields } = more;
  return {
    name: `GET /carts/${n}`,
    kind: 1,
    spanContext: () => identity(hexOf(n + 1), own),
    parentSpanContext: identity(PARENT, { isRemote: true }),
    startTime: [1_544_712_660, 300_000_001],
    endTime: [1_544_712_661, 800_000_001],
    duration: [1, 500_000_000],
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...fields,
  };
}

export const spans = (count: number): FinishedSpan[] => Array.from({ length: count }, (_, n) => span(n));

/** Everything that a span can carry, and the values that encoders get wrong. */
export function fullSpan(): FinishedSpan {
  return span(0xabcdef, {
    own: { traceFlags: 0, traceState: { serialize: () => 'vendor=1,other=2' } },
    name: 'POST /carts – ✓',
    kind: 2,
    status: { code: 2, message: 'boom' },
    attributes: {
      text: 'ünïcode ✓ 🚦',
      empty: '',
      yes: true,
      no: false,
      zero: 0,
      int: 42,
      negative: -7,
      large: Number.MAX_SAFE_INTEGER,
      beyond: 2 ** 60,
      double: 0.5,
      nan: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      minus: Number.NEGATIVE_INFINITY,
      big: -(2n ** 63n),
      tooBig: 2n ** 63n,
      bytes: Uint8Array.of(0, 255, 16),
      list: ['a', 'b'],
      mixed: [1, 'two', [3]],
      nested: { inner: { deep: true } },
      nothing: undefined,
      null: null,
    },
    events: [
      {
        name: 'exception',
        time: [1_544_712_660, 5],
        attributes: { 'exception.type': 'TypeError' },
        droppedAttributesCount: 1,
      },
      { name: 'bare', time: [1_544_712_661, 0] },
    ],
    links: [
      {
        context: identity('00000000000000aa', { isRemote: true, traceState: { serialize: () => 'a=b' } }),
        attributes: { why: 'batch' },
        droppedAttributesCount: 2,
      },
      { context: identity('00000000000000bb') },
    ],
    droppedAttributesCount: 3,
    droppedEventsCount: 4,
    droppedLinksCount: 5,
  });
}

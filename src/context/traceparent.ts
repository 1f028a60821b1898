/** A span of another process, as its headers told: IDs in lower-case hex, 32 and 16 digits, neither all zeros. */
export interface RemoteSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0 sampled, bit 1 random; all others are cleared. */
  readonly flags: number;
  /** True when the caller left the sampling decision to us: bit 0 of `flags` is then clear and says nothing. */
  readonly undecided?: boolean | undefined;
  /** True when the caller wants this trace whatever the sampling (B3, Jaeger): bit 0 of `flags` is then set. */
  readonly debug?: boolean | undefined;
  /** W3C tracestate, checked: at most 32 members and 512 characters, ready to be sent on. */
  readonly tracestate?: string | undefined;
}

export const SAMPLED = 1;
export const NO_TRACE: string = '0'.repeat(32);
export const NO_SPAN: string = '0'.repeat(16);

/** Every field has its fixed place, so a test and slices do, at two thirds of the cost of groups. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const LENGTH = 55;

/**
 * W3C trace context, level 2. A higher version is read for the four fields that it must share with version 00;
 * anything illegal, `ff` and all-zero IDs give `undefined`.
 */
export function parseTraceparent(header: string): RemoteSpan | undefined {
  if (!TRACEPARENT.test(header)) return undefined;
  if (header.length > LENGTH && header.startsWith('00')) return undefined;
  return {
    traceId: owned(header.slice(3, 35), header),
    spanId: owned(header.slice(36, 52), header),
    flags: Number.parseInt(header.slice(53, LENGTH), 16) & 3,
    undecided: false,
    debug: false,
    tracestate: undefined,
  };
}

/** A header up to this long may live as long as an ID that was cut out of it. */
const SHORT_HEADER = 128;

/**
 * `part` without the text that it was cut out of. V8 keeps the whole text alive behind a slice of it, and IDs outlive
 * their request by far in the queue of an exporter.
 */
export function owned(part: string, header: string): string {
  return header.length <= SHORT_HEADER ? part : Buffer.from(part).toString();
}

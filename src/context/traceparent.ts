/** A span of another process, as its traceparent header told. */
export interface RemoteSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0 sampled, bit 1 random; all others are cleared. */
  readonly flags: number;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * W3C trace context, level 2. A higher version is read for the four fields that it must share with version 00;
 * anything illegal, `ff` and all-zero IDs give `undefined`.
 */
export function parseTraceparent(header: string): RemoteSpan | undefined {
  const fields = TRACEPARENT.exec(header);
  if (fields === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = fields;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 3 };
}

import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** One call into the system's generator serves this many bytes; a call per ID costs some 7 us. */
const POOL_BYTES = 4096;

const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let next = POOL_BYTES;

function hex(bytes: number): string {
  if (next + bytes > POOL_BYTES) {
    randomFillSync(pool);
    next = 0;
  }
  const start = next;
  next += bytes;
  return pool.toString('hex', start, next);
}

/** 32 lower-case hex digits (W3C trace context, trace-id). All zeros, which is illegal, has a chance of 2^-128. */
export function newTraceId(): string {
  return hex(TRACE_BYTES);
}

/** 16 lower-case hex digits (W3C trace context, parent-id). */
export function newSpanId(): string {
  return hex(SPAN_BYTES);
}

import { randomFillSync } from 'node:crypto';

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;
/** One call into the system's generator serves this many bytes; a call per ID costs some 7 us. */
const POOL_BYTES = 4096;
/**
 * Bytes written as digits at once: a fifth of the time of one call per ID. An ID that is kept keeps all digits of its
 * chunk, 1 KiB.
 */
const CHUNK_BYTES = 512;

const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let nextByte = POOL_BYTES;
let digits = '';
let nextDigit = 0;

function hex(length: number): string {
  if (nextDigit + length > digits.length) refill();
  const start = nextDigit;
  nextDigit += length;
  return digits.slice(start, nextDigit);
}

function refill(): void {
  if (nextByte === POOL_BYTES) {
    randomFillSync(pool);
    nextByte = 0;
  }
  digits = pool.toString('hex', nextByte, nextByte + CHUNK_BYTES);
  nextByte += CHUNK_BYTES;
  nextDigit = 0;
}

/** 32 lower-case hex digits (W3C trace context, trace-id). All zeros, which is illegal, has a chance of 2^-128. */
export function newTraceId(): string {
  return hex(TRACE_DIGITS);
}

/** 16 lower-case hex digits (W3C trace context, parent-id). */
export function newSpanId(): string {
  return hex(SPAN_DIGITS);
}

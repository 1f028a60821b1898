import type { OtelSpan } from '../context/otel.js';

const NOWHERE = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };

/** What `span()` hands over while traces are off. */
export const noSpan: OtelSpan = Object.freeze({
  spanContext: () => NOWHERE,
  setAttribute: () => noSpan,
  setAttributes: () => noSpan,
  addEvent: () => noSpan,
  addLink: () => noSpan,
  addLinks: () => noSpan,
  setStatus: () => noSpan,
  updateName: () => noSpan,
  end: () => {},
  isRecording: () => false,
  recordException: () => {},
});

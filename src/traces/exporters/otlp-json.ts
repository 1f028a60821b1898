import type { FinishedSpan } from '../export/finished-span.js';
import { traceRequest } from './otlp-request.js';

/** OTLP/JSON (OTLP specification, "JSON Protobuf Encoding"). */
export function encodeOtlpJson(spans: readonly FinishedSpan[]): Buffer {
  return Buffer.from(JSON.stringify(traceRequest(spans)));
}

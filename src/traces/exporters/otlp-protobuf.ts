import type { FinishedSpan } from '../export/finished-span.js';
import { commonMessages } from './otlp-common.js';
import { traceRequest } from './otlp-request.js';
import { MessageEncoder, type Messages } from './protobuf-message.js';

/** The messages of opentelemetry-proto 1.x that carry spans. */
export const spanMessages = {
  ...commonMessages,
  TraceRequest: { resourceSpans: [1, 'ResourceSpans'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans'], schemaUrl: [3, 'string'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span'], schemaUrl: [3, 'string'] },
  Span: {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'hex'],
    name: [5, 'string'],
    kind: [6, 'varint'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue'],
    droppedAttributesCount: [10, 'varint'],
    events: [11, 'Event'],
    droppedEventsCount: [12, 'varint'],
    links: [13, 'Link'],
    droppedLinksCount: [14, 'varint'],
    status: [15, 'Status'],
    flags: [16, 'fixed32'],
  },
  Event: {
    timeUnixNano: [1, 'fixed64'],
    name: [2, 'string'],
    attributes: [3, 'KeyValue'],
    droppedAttributesCount: [4, 'varint'],
  },
  Link: {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    traceState: [3, 'string'],
    attributes: [4, 'KeyValue'],
    droppedAttributesCount: [5, 'varint'],
    flags: [6, 'fixed32'],
  },
  Status: { message: [2, 'string'], code: [3, 'varint'] },
} as const satisfies Messages;

const encoder = new MessageEncoder(spanMessages);

/** OTLP in protobuf. Own, as the SDK's encoder brings the SDKs of metrics and logs along and is not found in bundles. */
export function encodeOtlpProtobuf(spans: readonly FinishedSpan[]): Buffer {
  return encoder.encode('TraceRequest', traceRequest(spans), spans.length * 512);
}

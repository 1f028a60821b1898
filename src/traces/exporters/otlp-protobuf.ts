import type { FinishedSpan } from '../export/finished-span.js';
import { traceRequest } from './otlp-request.js';
import { ReverseWriter } from './protobuf-writer.js';

type Scalar = keyof typeof scalars;
type Message = Readonly<Record<string, unknown>>;

/** How a value of OTLP/JSON is written; `Number` reads the words that JSON has for NaN and the infinities. */
const scalars = {
  string: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'utf8'),
  hex: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'hex'),
  base64: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'base64'),
  varint: (to: ReverseWriter, id: number, value: unknown) => to.varint(id, Number(value)),
  int64: (to: ReverseWriter, id: number, value: unknown) => to.varint(id, int64(String(value))),
  fixed32: (to: ReverseWriter, id: number, value: unknown) => to.fixed32(id, Number(value)),
  fixed64: (to: ReverseWriter, id: number, value: unknown) => to.fixed64(id, BigInt(String(value))),
  double: (to: ReverseWriter, id: number, value: unknown) => to.double(id, Number(value)),
} as const;

/** The messages of opentelemetry-proto 1.x that carry spans: by field its number, which never changes, and its type. */
const messages = {
  TraceRequest: { resourceSpans: [1, 'ResourceSpans'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans'], schemaUrl: [3, 'string'] },
  Resource: { attributes: [1, 'KeyValue'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span'], schemaUrl: [3, 'string'] },
  Scope: { name: [1, 'string'], version: [2, 'string'] },
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
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'varint'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'base64'],
  },
  ArrayValue: { values: [1, 'AnyValue'] },
  KeyValueList: { values: [1, 'KeyValue'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [id: number, type: string]>>>>;

interface Field {
  readonly name: string;
  readonly id: number;
  readonly type: Scalar | MessageName;
}

type MessageName = keyof typeof messages;

/** The table as it is walked: from the last field to the first, as the writer goes. */
const reversed = new Map<string, readonly Field[]>(
  Object.entries(messages).map(([message, fields]) => [
    message,
    Object.entries(fields)
      .map(([name, [id, type]]) => ({ name, id, type }))
      .reverse(),
  ]),
);

/** OTLP in protobuf. Own, as the SDK's encoder brings the SDKs of metrics and logs along and is not found in bundles. */
export function encodeOtlpProtobuf(spans: readonly FinishedSpan[]): Buffer {
  const writer = new ReverseWriter(spans.length * 512);
  writeMessage(writer, 'TraceRequest', traceRequest(spans) as unknown as Message);
  return writer.bytes();
}

function writeMessage(writer: ReverseWriter, message: MessageName, value: Message): void {
  for (const field of reversed.get(message) ?? []) {
    const given = value[field.name];
    if (Array.isArray(given)) for (let i = given.length - 1; i >= 0; i--) writeField(writer, field, given[i]);
    else if (given !== undefined) writeField(writer, field, given);
  }
}

function writeField(writer: ReverseWriter, { id, type }: Field, value: unknown): void {
  if (isScalar(type)) {
    scalars[type](writer, id, value);
    return;
  }
  const before = writer.written;
  writeMessage(writer, type, value as Message);
  writer.message(id, before);
}

function isScalar(type: Scalar | MessageName): type is Scalar {
  return Object.hasOwn(scalars, type);
}

function int64(text: string): number | bigint {
  const value = Number(text);
  return value >= 0 && Number.isSafeInteger(value) ? value : BigInt(text);
}

import type { FinishedSpan, HighResolutionTime, SpanEvent } from '../export/finished-span.js';

/** A span of the Zipkin v2 API (openzipkin/zipkin-api, zipkin2-api.yaml). */
interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: string | undefined;
  /** Microseconds. */
  readonly timestamp: number;
  readonly duration: number;
  readonly localEndpoint: { readonly serviceName: string };
  readonly remoteEndpoint: ZipkinEndpoint | undefined;
  readonly annotations: readonly ZipkinAnnotation[];
  readonly tags: Readonly<Record<string, string>>;
}

interface ZipkinEndpoint {
  readonly serviceName: string;
  readonly port?: number;
}

interface ZipkinAnnotation {
  readonly timestamp: number;
  readonly value: string;
}

/** By the API's number; a local span has none. */
const kinds: readonly (string | undefined)[] = [undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
/** Kinds that call somebody. */
const CALLERS: readonly number[] = [2, 3];
/** The most telling first, with its port (OpenTelemetry specification, "Zipkin exporter", Remote endpoint). */
const PEERS: readonly (readonly [name: string, port?: string])[] = [
  ['peer.service'],
  ['server.address', 'server.port'],
  ['net.peer.name', 'net.peer.port'],
  ['network.peer.address', 'network.peer.port'],
  ['db.name'],
];

export function encodeZipkin(spans: readonly FinishedSpan[]): Buffer {
  return Buffer.from(JSON.stringify(spans.map(zipkinSpan)));
}

function zipkinSpan(span: FinishedSpan): ZipkinSpan {
  const { traceId, spanId } = span.spanContext();
  const service = span.resource.attributes['service.name'];
  return {
    traceId,
    id: spanId,
    parentId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: kinds[span.kind],
    timestamp: micros(span.startTime),
    duration: Math.max(1, micros(span.duration)), // 0 would mean unknown
    localEndpoint: { serviceName: text(service ?? 'unknown_service').toLowerCase() },
    remoteEndpoint: CALLERS.includes(span.kind) ? peer(span) : undefined,
    annotations: annotations(span.events),
    tags: tags(span),
  };
}

function micros([seconds, nanoseconds]: HighResolutionTime): number {
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}

function peer({ attributes }: FinishedSpan): ZipkinEndpoint | undefined {
  for (const [name, portName = ''] of PEERS) {
    const given = attributes[name];
    if (given === undefined) continue;
    const port = Number(attributes[portName]);
    const known = Number.isInteger(port) && port > 0 && port < 65_536;
    return { serviceName: text(given).toLowerCase(), ...(known && { port }) };
  }
  return undefined;
}

/** The schema wants them unique. */
function annotations(events: readonly SpanEvent[]): ZipkinAnnotation[] {
  const unique = new Map<string, ZipkinAnnotation>();
  for (const event of events) {
    const timestamp = micros(event.time);
    const attributes = Object.keys(event.attributes ?? {}).length > 0 ? event.attributes : undefined;
    const value = attributes === undefined ? event.name : `${JSON.stringify(event.name)}: ${text(attributes)}`;
    unique.set(`${timestamp} ${value}`, { timestamp, value });
  }
  return [...unique.values()];
}

/** The mere presence of the tag `error` marks a span as failed, so an attribute of that name stays only where it is true. */
function tags(span: FinishedSpan): Record<string, string> {
  const { status, instrumentationScope: scope } = span;
  const failed = status.code === 2;
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...span.resource.attributes, ...span.attributes })) {
    const said = key === 'service.name' || (key === 'error' && !failed);
    if (value !== undefined && value !== null && !said) found[key] = text(value);
  }
  if (status.code !== 0) found['otel.status_code'] = failed ? 'ERROR' : 'OK';
  if (failed) found['error'] = status.message ?? '';
  found['otel.scope.name'] = scope.name;
  if (scope.version !== undefined) found['otel.scope.version'] = scope.version;
  count(found, 'otel.dropped_attributes_count', span.droppedAttributesCount);
  count(found, 'otel.dropped_events_count', span.droppedEventsCount);
  count(found, 'otel.dropped_links_count', span.droppedLinksCount);
  return found;
}

function count(tags: Record<string, string>, key: string, value: number | undefined): void {
  if (value !== undefined && value > 0) tags[key] = String(value);
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

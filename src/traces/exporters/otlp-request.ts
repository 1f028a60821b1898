import type {
  FinishedSpan,
  HighResolutionTime,
  SpanEvent,
  SpanIdentity,
  SpanLink,
  SpanResource,
} from '../export/finished-span.js';
import { type KeyValue, keyValues } from './otlp-value.js';

/** ExportTraceServiceRequest under the rules of OTLP/JSON: IDs in hex, 64-bit numbers as strings, enums as numbers. */
export interface TraceRequest {
  readonly resourceSpans: readonly ResourceSpans[];
}

interface ResourceSpans {
  readonly resource: { readonly attributes: readonly KeyValue[] };
  readonly scopeSpans: readonly ScopeSpans[];
  readonly schemaUrl: string | undefined;
}

interface ScopeSpans {
  readonly scope: { readonly name: string; readonly version: string | undefined };
  readonly spans: readonly object[];
  readonly schemaUrl: string | undefined;
}

/** Flags of a span or link: W3C trace flags, "it is known whether the context is remote", "it is" (trace.proto, SpanFlags). */
const W3C_FLAGS = 0xff;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

export function traceRequest(spans: readonly FinishedSpan[]): TraceRequest {
  return { resourceSpans: [...byResource(spans)].map(([resource, group]) => resourceSpans(resource, group)) };
}

/** By identity: all spans of one provider share the object. */
function byResource(spans: readonly FinishedSpan[]): Map<SpanResource, FinishedSpan[]> {
  return grouped(spans, (span) => span.resource);
}

function resourceSpans(resource: SpanResource, spans: readonly FinishedSpan[]): ResourceSpans {
  const groups = grouped(spans, ({ instrumentationScope: { name, version, schemaUrl } }) =>
    JSON.stringify([name, version, schemaUrl]),
  );
  return {
    resource: { attributes: keyValues(resource.attributes) },
    scopeSpans: [...groups.values()].map(scopeSpans),
    schemaUrl: resource.schemaUrl,
  };
}

function scopeSpans(spans: readonly FinishedSpan[]): ScopeSpans {
  const scope = spans[0]?.instrumentationScope;
  return {
    scope: { name: scope?.name ?? '', version: scope?.version },
    spans: spans.map(otlpSpan),
    schemaUrl: scope?.schemaUrl,
  };
}

function grouped<K>(spans: readonly FinishedSpan[], keyOf: (span: FinishedSpan) => K): Map<K, FinishedSpan[]> {
  const groups = new Map<K, FinishedSpan[]>();
  for (const span of spans) {
    const key = keyOf(span);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [span]);
    else group.push(span);
  }
  return groups;
}

/** What is 0 or empty is `undefined`: both encoders leave it out, and by protobuf's rule it means the same. */
function otlpSpan(span: FinishedSpan): object {
  const own = span.spanContext();
  const parent = span.parentSpanContext;
  return {
    traceId: own.traceId,
    spanId: own.spanId,
    traceState: own.traceState?.serialize(),
    parentSpanId: parent?.spanId,
    flags: (own.traceFlags & W3C_FLAGS) | HAS_IS_REMOTE | (parent?.isRemote === true ? IS_REMOTE : 0), // of the parent
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: unixNano(span.startTime),
    endTimeUnixNano: unixNano(span.endTime),
    attributes: some(keyValues(span.attributes)),
    droppedAttributesCount: span.droppedAttributesCount || undefined,
    events: some(span.events)?.map(otlpEvent),
    droppedEventsCount: span.droppedEventsCount || undefined,
    links: some(span.links)?.map(otlpLink),
    droppedLinksCount: span.droppedLinksCount || undefined,
    status: span.status.code === 0 ? undefined : { code: span.status.code, message: span.status.message },
  };
}

function otlpEvent(event: SpanEvent): object {
  return {
    timeUnixNano: unixNano(event.time),
    name: event.name,
    attributes: some(keyValues(event.attributes ?? {})),
    droppedAttributesCount: event.droppedAttributesCount || undefined,
  };
}

function otlpLink({ context, attributes, droppedAttributesCount }: SpanLink): object {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceState: context.traceState?.serialize(),
    attributes: some(keyValues(attributes ?? {})),
    droppedAttributesCount: droppedAttributesCount || undefined,
    flags: linkFlags(context),
  };
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function linkFlags({ traceFlags, isRemote }: SpanIdentity): number {
  return (traceFlags & W3C_FLAGS) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}

/** Seconds and nanoseconds side by side are the decimal number: 64 bits do not fit a `number`. */
function unixNano([seconds, nanoseconds]: HighResolutionTime): string {
  return seconds === 0 ? String(nanoseconds) : `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}

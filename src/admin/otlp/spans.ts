import type { FinishedSpan, HighResolutionTime, SpanResource } from '../../traces/export/finished-span.js';
import {
  attributesOf,
  idOf,
  isObject,
  type Json,
  numberOf,
  objects,
  type Scope,
  scopesIn,
  text,
  timeOf,
} from './values.js';

const MAX_SPANS = 5000;
const MAX_EVENTS = 64;

export interface Received {
  readonly spans: readonly FinishedSpan[];
  /** Spans without usable IDs or times, and those beyond the limit of a request. */
  readonly rejected: number;
}

/** The spans of an ExportTraceServiceRequest under the rules of OTLP/JSON. */
export function receivedSpans(request: unknown): Received {
  const spans: FinishedSpan[] = [];
  let rejected = 0;
  for (const { list, resource, scope } of scopesIn(request, ['resourceSpans', 'scopeSpans', 'spans'])) {
    for (const given of list) {
      const span = spans.length < MAX_SPANS ? spanOf(given, resource, scope) : undefined;
      if (span === undefined) rejected++;
      else spans.push(span);
    }
  }
  return { spans, rejected };
}

function spanOf(given: Json, resource: SpanResource, instrumentationScope: Scope): FinishedSpan | undefined {
  const traceId = idOf(given['traceId'], 32);
  const spanId = idOf(given['spanId'], 16);
  const startTime = timeOf(given['startTimeUnixNano']);
  const endTime = timeOf(given['endTimeUnixNano']);
  if (traceId === undefined || spanId === undefined || startTime === undefined || endTime === undefined)
    return undefined;
  const parentId = idOf(given['parentSpanId'], 16);
  const kind = numberOf(given['kind'] ?? 0) - 1;
  const status = isObject(given['status']) ? given['status'] : {};
  return {
    name: text(given['name']),
    kind: Number.isInteger(kind) && kind >= 0 && kind <= 4 ? kind : 0,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parentId === undefined ? undefined : { traceId, spanId: parentId, traceFlags: 1 },
    startTime,
    endTime,
    duration: between(startTime, endTime),
    status: {
      code: numberOf(status['code'] ?? 0),
      message: status['message'] === undefined ? undefined : text(status['message']),
    },
    attributes: attributesOf(given['attributes']),
    events: objects(given['events'])
      .slice(0, MAX_EVENTS)
      .map((event) => ({
        name: text(event['name']),
        time: timeOf(event['timeUnixNano']) ?? startTime,
        attributes: attributesOf(event['attributes']),
      })),
    links: [],
    resource,
    instrumentationScope,
  };
}

function between([s1, n1]: HighResolutionTime, [s2, n2]: HighResolutionTime): HighResolutionTime {
  const nanoseconds = Math.max(0, (s2 - s1) * 1e9 + (n2 - n1));
  return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
}

import type {
  FinishedSpan,
  HighResolutionTime,
  SpanAttributes,
  SpanResource,
} from '../../traces/export/finished-span.js';

const MAX_SPANS = 5000;
const MAX_ATTRIBUTES = 128;
const MAX_EVENTS = 64;
const MAX_TEXT = 4096;
const DEEPEST = 8;

type Json = Readonly<Record<string, unknown>>;

export interface Received {
  readonly spans: readonly FinishedSpan[];
  /** Spans without usable IDs or times, and those beyond the limit of a request. */
  readonly rejected: number;
}

/** The spans of an ExportTraceServiceRequest under the rules of OTLP/JSON. Nothing in it is believed: what has not the right shape is left out. */
export function receivedSpans(request: unknown): Received {
  const spans: FinishedSpan[] = [];
  let rejected = 0;
  for (const { list, resource, scope } of scopesIn(request)) {
    for (const given of list) {
      const span = spans.length < MAX_SPANS ? spanOf(given, resource, scope) : undefined;
      if (span === undefined) rejected++;
      else spans.push(span);
    }
  }
  return { spans, rejected };
}

interface Scope {
  readonly name: string;
}

/** Each list of spans with what it is a part of. */
function* scopesIn(request: unknown): Generator<{ list: readonly Json[]; resource: SpanResource; scope: Scope }> {
  for (const group of objects(field(request, 'resourceSpans'))) {
    const resource: SpanResource = { attributes: attributesOf(field(group['resource'], 'attributes')) };
    for (const scoped of objects(group['scopeSpans'])) {
      yield { list: objects(scoped['spans']), resource, scope: { name: text(field(scoped['scope'], 'name')) } };
    }
  }
}

function spanOf(given: Json, resource: SpanResource, instrumentationScope: Scope): FinishedSpan | undefined {
  const traceId = idOf(given['traceId'], 32);
  const spanId = idOf(given['spanId'], 16);
  const startTime = timeOf(given['startTimeUnixNano']);
  const endTime = timeOf(given['endTimeUnixNano']);
  if (traceId === undefined || spanId === undefined || startTime === undefined || endTime === undefined)
    return undefined;
  const parentId = idOf(given['parentSpanId'], 16);
  const kind = Number(given['kind'] ?? 0) - 1;
  const status = isObject(given['status']) ? given['status'] : {};
  return {
    name: text(given['name']),
    kind: kind >= 0 && kind <= 4 ? kind : 0,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parentId === undefined ? undefined : { traceId, spanId: parentId, traceFlags: 1 },
    startTime,
    endTime,
    duration: between(startTime, endTime),
    status: {
      code: Number(status['code'] ?? 0),
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

function attributesOf(list: unknown): SpanAttributes {
  const pairs = objects(list)
    .slice(0, MAX_ATTRIBUTES)
    .map(({ key, value }) => [text(key), anyValue(value, 0)] as const);
  return Object.fromEntries(pairs);
}

/** AnyValue has exactly one of these. */
function anyValue(given: unknown, depth: number): unknown {
  if (!isObject(given) || depth > DEEPEST) return '';
  if (given['stringValue'] !== undefined) return text(given['stringValue']);
  if (given['boolValue'] !== undefined) return given['boolValue'] === true || given['boolValue'] === 1;
  if (given['intValue'] !== undefined) return Number(given['intValue']);
  if (given['doubleValue'] !== undefined) return Number(given['doubleValue']);
  if (given['bytesValue'] !== undefined) return text(given['bytesValue']);
  const inner = objects(field(given['arrayValue'] ?? given['kvlistValue'], 'values')).slice(0, MAX_ATTRIBUTES);
  if (given['arrayValue'] !== undefined) return inner.map((value) => anyValue(value, depth + 1));
  if (given['kvlistValue'] === undefined) return '';
  return Object.fromEntries(inner.map(({ key, value }) => [text(key), anyValue(value, depth + 1)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

/** JSON has hex of either case; an ID of zeros is none. */
function idOf(value: unknown, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value) || /^0+$/.test(value)) {
    return undefined;
  }
  return value.toLowerCase();
}

function timeOf(nanoseconds: unknown): HighResolutionTime | undefined {
  const digits = String(nanoseconds ?? '');
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  const whole = BigInt(digits);
  return [Number(whole / 1_000_000_000n), Number(whole % 1_000_000_000n)];
}

function between([s1, n1]: HighResolutionTime, [s2, n2]: HighResolutionTime): HighResolutionTime {
  const nanoseconds = Math.max(0, (s2 - s1) * 1e9 + (n2 - n1));
  return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

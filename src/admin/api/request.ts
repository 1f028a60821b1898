import { SERVICE_NAME } from '../../core/attributes.js';
import type { FinishedSpan } from '../../traces/export/finished-span.js';
import { type RequestRow, requestRow } from './requests.js';
import { absent, Refusal, type Resource, type Stamped } from './resource.js';
import type { AdminSources } from './sources.js';

export interface SpanRow {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly service: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Ms since the first span began, and for how long. */
  readonly start: number;
  readonly ms: number;
  readonly failed: boolean;
  readonly message: string | null;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly events: readonly {
    readonly at: number;
    readonly name: string;
    readonly attributes: readonly (readonly [string, string])[];
  }[];
}

export interface RequestAnswer extends Stamped {
  readonly request: RequestRow;
  readonly spans: readonly SpanRow[];
  /** As they were written: JSON, unless one was cut. */
  readonly lines: readonly string[];
}

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const SPANS = 500;
const VALUE = 2048;

/** One kept trace, `?id=<trace ID>`: its spans as a waterfall and its log lines. */
export function request({ kept }: AdminSources): Resource {
  if (kept === undefined) return absent('traces are off: observe({ traces: {} }) turns them on');
  return {
    read: (query) => {
      const found = kept.find(query.get('id') ?? '');
      if (found === undefined) throw new Refusal(404, 'this trace is no longer kept, or never was');
      const spans = found.spans.slice(0, SPANS);
      const firstMs = Math.min(...spans.map(({ startTime }) => milliseconds(startTime)));
      return {
        at: found.revision + found.lines.length,
        request: requestRow(found),
        spans: spans.map((span) => spanRow(span, firstMs)).sort((a, b) => a.start - b.start),
        lines: found.lines,
      };
    },
  };
}

function spanRow(span: FinishedSpan, firstMs: number): SpanRow {
  return {
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    service: text(span.resource.attributes[SERVICE_NAME] ?? ''),
    kind: KINDS[span.kind] ?? 'internal',
    start: rounded(milliseconds(span.startTime) - firstMs),
    ms: rounded(milliseconds(span.duration)),
    failed: span.status.code === 2,
    message: span.status.message?.slice(0, VALUE) ?? null,
    attributes: pairs(span.attributes),
    events: span.events.slice(0, 50).map(({ name, time, attributes }) => ({
      at: rounded(milliseconds(time) - firstMs),
      name,
      attributes: pairs(attributes ?? {}),
    })),
  };
}

function pairs(attributes: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(attributes).map(([name, value]) => [name, text(value)] as const);
}

function text(value: unknown): string {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return whole.length > VALUE ? `${whole.slice(0, VALUE)}...` : whole;
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

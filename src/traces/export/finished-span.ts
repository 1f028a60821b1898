/** Seconds since the epoch and nanoseconds within that second; a duration has the same shape. */
export type HighResolutionTime = readonly [seconds: number, nanoseconds: number];

export function milliseconds([seconds, nanoseconds]: HighResolutionTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

export type SpanAttributes = Readonly<Record<string, unknown>>;

export interface SpanIdentity {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
  readonly traceState?: { serialize(): string } | undefined;
}

export interface SpanEvent {
  readonly name: string;
  readonly time: HighResolutionTime;
  readonly attributes?: SpanAttributes | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

export interface SpanLink {
  readonly context: SpanIdentity;
  readonly attributes?: SpanAttributes | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

export interface SpanScope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

export interface SpanResource {
  readonly attributes: SpanAttributes;
  readonly schemaUrl?: string | undefined;
}

/**
 * A span that has ended: exactly the fields that are read, so that the `ReadableSpan` of both lines of the OpenTelemetry
 * SDK fits without importing either.
 */
export interface FinishedSpan {
  readonly name: string;
  /** As the OpenTelemetry API counts: 0 internal, 1 server, 2 client, 3 producer, 4 consumer. */
  readonly kind: number;
  spanContext(): SpanIdentity;
  readonly parentSpanContext?: SpanIdentity | undefined;
  readonly startTime: HighResolutionTime;
  readonly endTime: HighResolutionTime;
  readonly duration: HighResolutionTime;
  /** `code`: 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly attributes: SpanAttributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly resource: SpanResource;
  readonly instrumentationScope: SpanScope;
  readonly droppedAttributesCount?: number | undefined;
  readonly droppedEventsCount?: number | undefined;
  readonly droppedLinksCount?: number | undefined;
}

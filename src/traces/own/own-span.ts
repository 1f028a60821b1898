import type {
  OtelAttributes,
  OtelLink,
  OtelSpan,
  OtelSpanContext,
  OtelSpanStatus,
  OtelTimeInput,
} from '../../context/otel.js';
import { messageOf } from '../../core/diagnostics.js';
import type {
  FinishedSpan,
  HighResolutionTime,
  SpanEvent,
  SpanLink,
  SpanResource,
  SpanScope,
} from '../export/finished-span.js';
import { GROUP, LINES, SLOW } from '../keep.js';
import type { LinesOfRequest } from '../request-lines.js';
import type { TraceGroup } from '../trace-group.js';
import { Attributes } from './attributes.js';
import { type AttributeSource, type EventSource, LaterEvent } from './later-event.js';
import { type Moment, timeOf } from './moment.js';

const MAX_EVENTS = 128;
const MAX_LINKS = 128;
const UNSET = { code: 0 } as const;
const OK = 1;
const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {};
const NO_EVENTS: readonly SpanEvent[] = [];
const NO_LINKS: readonly SpanLink[] = [];

/** What all spans of one tracer have, and where they go. */
export interface SpanHome {
  readonly resource: SpanResource;
  readonly scope: SpanScope;
  /** A time as the API takes it; now where none is given. */
  momentOf(given: OtelTimeInput | undefined): Moment;
  /** Whether it would go on or wait if it ended now. */
  wants(span: OwnSpan): boolean;
  ending(span: OwnSpan): void;
  ended(span: OwnSpan): void;
}

/**
 * A span of the OpenTelemetry API that is also what is exported of it: one object, no copies. The SDK's spans cost three
 * times as much, and most spans of a service are dropped at their end.
 */
export class OwnSpan implements OtelSpan, FinishedSpan {
  name: string;
  readonly kind: number;
  readonly parentSpanContext: OtelSpanContext | undefined;
  status: OtelSpanStatus = UNSET;
  links: readonly SpanLink[] = NO_LINKS;
  ended = false;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  /** The trace that it ends with, whether it was slow for what it is, and its request's log lines: see `keep`. */
  [GROUP]: TraceGroup | undefined = undefined;
  [SLOW] = false;
  [LINES]: LinesOfRequest | undefined = undefined;
  readonly #started: Moment;
  #ended: Moment;
  #events: SpanEvent[] | undefined = undefined;
  readonly #context: OtelSpanContext;
  readonly #home: SpanHome;
  #attributes: Attributes | undefined = undefined;
  #source: AttributeSource | undefined = undefined;

  constructor(
    home: SpanHome,
    name: string,
    kind: number,
    context: OtelSpanContext,
    parent: OtelSpanContext | undefined,
    started: Moment,
  ) {
    this.#home = home;
    this.name = name;
    this.kind = kind;
    this.#context = context;
    this.parentSpanContext = parent;
    this.#started = started;
    this.#ended = started;
  }

  get startTime(): HighResolutionTime {
    return timeOf(this.#started);
  }

  get endTime(): HighResolutionTime {
    return timeOf(this.#ended);
  }

  get events(): readonly SpanEvent[] {
    return this.#events ?? NO_EVENTS;
  }

  get attributes(): Readonly<Record<string, unknown>> {
    this.#describe();
    return this.#attributes?.values ?? NO_ATTRIBUTES;
  }

  get droppedAttributesCount(): number {
    return this.#attributes?.dropped ?? 0;
  }

  get resource(): SpanResource {
    return this.#home.resource;
  }

  get instrumentationScope(): SpanScope {
    return this.#home.scope;
  }

  get duration(): HighResolutionTime {
    const { startTime, endTime } = this;
    const nanoseconds = (endTime[0] - startTime[0]) * 1e9 + (endTime[1] - startTime[1]);
    const kept = Math.max(0, nanoseconds);
    return [Math.floor(kept / 1e9), kept % 1e9];
  }

  spanContext(): OtelSpanContext {
    return this.#context;
  }

  /** What it says of itself, which is asked when it is read: what the application has set stays. */
  describedBy(source: AttributeSource): void {
    this.#source = source;
  }

  /** False for one that would be dropped if it ended then: it need not be written any further. */
  isWanted(ended: Moment): boolean {
    if (this.ended) return false;
    this.#ended = ended;
    return this.#home.wants(this);
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(name: string, value: unknown): this {
    if (!this.ended) this.#writable().set(name, value);
    return this;
  }

  setAttributes(attributes: OtelAttributes): this {
    if (!this.ended) this.#writable().setAll(attributes);
    return this;
  }

  addEvent(name: string, second?: OtelAttributes | OtelTimeInput, time?: OtelTimeInput): this {
    if (this.ended) return this;
    const isTime = typeof second === 'number' || second instanceof Date || Array.isArray(second);
    const given = isTime ? undefined : (second as OtelAttributes | undefined); // one of the two it may be
    this.#addWritten(name, given, isTime ? (second as OtelTimeInput) : time);
    return this;
  }

  /** An event of our own, which is described when the span is read. */
  note(event: EventSource): void {
    if (!this.ended) this.#add(new LaterEvent(event, this.#home.momentOf(undefined)));
  }

  addLink(link: OtelLink): this {
    if (this.ended) return this;
    if (this.links.length >= MAX_LINKS) {
      this.droppedLinksCount++;
      return this;
    }
    const attributes = new Attributes();
    attributes.setAll(link.attributes);
    const own = { context: link.context, attributes: attributes.values, droppedAttributesCount: attributes.dropped };
    this.links = [...this.links, own];
    return this;
  }

  addLinks(links: readonly OtelLink[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** A status of `ok` is final (specification of the API). */
  setStatus(status: OtelSpanStatus): this {
    if (!this.ended && this.status.code !== OK && status.code !== UNSET.code) this.status = { ...status };
    return this;
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name;
    return this;
  }

  recordException(exception: unknown, time?: OtelTimeInput): void {
    if (this.ended) return;
    const error = exception instanceof Error ? exception : undefined;
    const attributes = {
      'exception.type': error?.name,
      'exception.message': (error === undefined ? messageOf(exception) : error.message) || undefined,
      'exception.stacktrace': error?.stack,
    };
    this.#addWritten('exception', attributes, time);
  }

  end(endTime?: OtelTimeInput): void {
    if (this.ended) return;
    this.#ended = this.#home.momentOf(endTime);
    if (this.#source !== undefined && this.#home.wants(this)) this.#describe();
    this.#source = undefined; // what it stands on may be gone soon
    this.#home.ending(this);
    this.ended = true;
    this.#home.ended(this);
  }

  #describe(): void {
    const source = this.#source;
    this.#source = undefined;
    if (source !== undefined) this.#writable().complete(source.attributes());
  }

  /** Made for the first that is set: a span that is dropped may have none. */
  #writable(): Attributes {
    this.#attributes ??= new Attributes();
    return this.#attributes;
  }

  #addWritten(
    name: string,
    given: Readonly<Record<string, unknown>> | undefined,
    time: OtelTimeInput | undefined,
  ): void {
    const attributes = new Attributes();
    attributes.setAll(given);
    const at = timeOf(this.#home.momentOf(time));
    this.#add({ name, time: at, attributes: attributes.values, droppedAttributesCount: attributes.dropped });
  }

  #add(event: SpanEvent): void {
    if (this.#events === undefined) this.#events = [event];
    else if (this.#events.length < MAX_EVENTS) this.#events.push(event);
    else this.droppedEventsCount++;
  }
}

import type { OtelContext } from '../context/otel.js';
import { KEPT } from '../core/attributes.js';
import { type FinishedSpan, milliseconds } from './export/finished-span.js';
import { OpenGroups } from './open-groups.js';
import { TraceGroup } from './trace-group.js';

const MAX_SPANS = 1000;
const MAX_OPEN = 5000;
/** Of finished spans that wait for their root, estimated. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const SAMPLED = 1;
const ERROR = 2;

export interface KeepRules {
  /** Keep traces whose local root failed. */
  readonly errors: boolean;
  /** Keep local roots longer than this, ms. */
  readonly slowerThanMs: number;
}

/** Why a trace was kept. `slow` also when its request was slower than its route's live p95. */
export type KeptBecause = 'error' | 'slow' | 'sampled';

/** Why a finished span went no further than here. */
export type NotKept = 'not_kept' | 'trace_too_large' | 'too_many_open' | 'too_many_bytes';

/** Where finished spans go on to. */
export interface KeepSink {
  kept(spans: readonly FinishedSpan[], because: KeptBecause): void;
  /** `count` finished spans go no further. */
  dropped(reason: NotKept, count: number): void;
}

/** On each span: the trace that it ends with. */
export const GROUP: unique symbol = Symbol('fourlights.group');
/** Set on a local root by whoever knows that it was slow for what it is. */
export const SLOW: unique symbol = Symbol.for('fourlights.slow');
/** On the local root of a request whose trace is kept: its log lines. */
export const LINES: unique symbol = Symbol('fourlights.lines');

type Grouped = FinishedSpan & { [GROUP]?: TraceGroup | undefined; readonly [SLOW]?: boolean };
type Ending = Grouped & { setAttribute(name: string, value: string): unknown };

/**
 * The decision at the end of each local root: the trace is kept when it failed, was slow, or the head had chosen it.
 * Spans wait for their root; those that end after it follow its decision. Bounded: open groups, spans in each, and
 * bytes; the oldest goes first, and every span that goes no further is counted. A SpanProcessor of either SDK line.
 */
export class KeepProcessor {
  readonly #rules: KeepRules;
  readonly #sink: KeepSink;
  readonly #parentOf: (context: OtelContext) => object | undefined;
  readonly #open = new OpenGroups();
  #waiting = 0;
  #bytes = 0;

  /** `parentOf`: the span object in an OpenTelemetry context when it is one of this process. */
  constructor(rules: KeepRules, sink: KeepSink, parentOf: (context: OtelContext) => object | undefined) {
    this.#rules = rules;
    this.#sink = sink;
    this.#parentOf = parentOf;
  }

  /** Finished spans whose root is still open. */
  get waiting(): number {
    return this.#waiting;
  }

  onStart(span: Grouped, context: OtelContext): void {
    this.started(span, this.#parentOf(context));
  }

  /** `parent`: the span object above it, of whatever process. */
  started(span: Grouped, parent: object | undefined): void {
    const above: { readonly [GROUP]?: TraceGroup | undefined } | undefined = parent;
    span[GROUP] = above?.[GROUP] ?? this.#newGroup(span);
  }

  /** The last moment at which a span can be written on: a root that is kept against the sampling is marked. */
  onEnding(span: Ending): void {
    const group = span[GROUP];
    if (group === undefined || group.root !== span || group.decided !== undefined || isSampled(span)) return;
    const verdict = this.#verdict(span);
    if (verdict !== 'dropped') span.setAttribute(KEPT, verdict);
  }

  /** Whether a span that ended now, as it is, would go on or wait: one that is dropped need not be written any further. */
  wants(span: Grouped): boolean {
    const group = span[GROUP];
    if (group === undefined) return false;
    if (group.decided !== undefined) return group.decided !== 'dropped';
    return group.root !== span || this.#verdict(span) !== 'dropped';
  }

  onEnd(span: Grouped): void {
    const group = span[GROUP];
    if (group === undefined) this.#sink.dropped('not_kept', 1);
    else if (group.decided !== undefined) this.#follow(group.decided, [span]);
    else if (group.root !== span && group.spans.length >= MAX_SPANS) this.#sink.dropped('trace_too_large', 1);
    else if (group.root === span) this.#close(group, this.#verdict(span), span);
    else {
      this.#waiting++;
      this.#bytes += group.add(span);
      if (this.#bytes > MAX_WAITING_BYTES) this.#evict('too_many_bytes');
    }
  }

  /**
   * Decides what can be decided of traces whose root is still open: the process may be about to end. What the head had
   * chosen, or failed already, goes on; the rest waits.
   */
  settle(): void {
    for (const group of this.#open) {
      if (group.spans.some(isSampled)) this.#close(group, 'sampled');
      else if (this.#rules.errors && group.spans.some(failed)) this.#close(group, 'error');
    }
  }

  async forceFlush(): Promise<void> {
    this.settle();
  }

  async shutdown(): Promise<void> {
    this.settle();
    for (const group of this.#open) this.#close(group, 'dropped');
  }

  #newGroup(root: Grouped): TraceGroup {
    const group = new TraceGroup(root);
    this.#open.add(group);
    if (this.#open.size > MAX_OPEN) this.#evict('too_many_open');
    return group;
  }

  #evict(reason: NotKept): void {
    const { oldest } = this.#open;
    if (oldest === undefined) return;
    oldest.decided = 'dropped';
    this.#sink.dropped(reason, this.#released(oldest).length);
  }

  #verdict(root: Grouped): KeptBecause | 'dropped' {
    if (this.#rules.errors && failed(root)) return 'error';
    if (root[SLOW] === true || this.#isLong(root)) return 'slow';
    return isSampled(root) ? 'sampled' : 'dropped';
  }

  #isLong(root: Grouped): boolean {
    const { slowerThanMs } = this.#rules;
    return slowerThanMs !== Number.POSITIVE_INFINITY && milliseconds(root.duration) > slowerThanMs;
  }

  /** `root`: the last of its spans, where it has ended. */
  #close(group: TraceGroup, decided: KeptBecause | 'dropped', root?: FinishedSpan): void {
    group.decided = decided;
    const spans = this.#released(group);
    if (root === undefined) this.#follow(decided, spans);
    else if (decided === 'dropped') this.#sink.dropped('not_kept', spans.length + 1);
    else this.#follow(decided, [...spans, root]);
  }

  /** The group's spans, which wait no longer. */
  #released(group: TraceGroup): readonly FinishedSpan[] {
    this.#open.delete(group);
    this.#waiting -= group.spans.length;
    this.#bytes -= group.bytes;
    return group.release();
  }

  #follow(decided: KeptBecause | 'dropped', spans: readonly FinishedSpan[]): void {
    if (spans.length === 0) return;
    if (decided === 'dropped') this.#sink.dropped('not_kept', spans.length);
    else this.#sink.kept(spans, decided);
  }
}

function isSampled(span: FinishedSpan): boolean {
  return (span.spanContext().traceFlags & SAMPLED) === SAMPLED;
}

function failed(span: FinishedSpan): boolean {
  return span.status.code === ERROR;
}

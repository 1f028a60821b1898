import type { OtelContext } from '../context/otel.js';
import type { FinishedSpan } from './export/finished-span.js';

const MAX_SPANS = 1000;
const MAX_OPEN = 5000;
const SAMPLED = 1;
const ERROR = 2;

export interface KeepRules {
  /** Keep traces whose local root failed. */
  readonly errors: boolean;
  /** Keep local roots longer than this, ms. */
  readonly slowerThanMs: number;
}

/** Why a trace was kept. `slow` also when its request was slower than its route's live p95. */
export type KeptBecause = 'sampled' | 'error' | 'slow';

/** Where finished spans go on to. */
export interface KeepSink {
  kept(spans: readonly FinishedSpan[], because: KeptBecause): void;
  /** `count` finished spans go no further. */
  dropped(reason: 'not_kept' | 'trace_too_large' | 'too_many_open', count: number): void;
}

/** The finished spans of one local root: of one request, or one job, of this process. */
class TraceGroup {
  readonly root: object;
  readonly spans: FinishedSpan[] = [];
  decided: KeptBecause | 'dropped' | undefined = undefined;

  constructor(root: object) {
    this.root = root;
  }
}

const GROUP = Symbol('fourlights.group');
/** Set on a local root by whoever knows that it was slow for what it is. */
export const SLOW: symbol = Symbol.for('fourlights.slow');

type Grouped = FinishedSpan & { [GROUP]?: TraceGroup; readonly [key: symbol]: unknown };

/**
 * The decision at the end of each local root: the trace is kept when it failed, was slow, or the head had chosen it.
 * Spans wait for their root; those that end after it follow its decision. Bounded: open groups and spans in each, the
 * oldest goes first, and every span that goes no further is counted. A SpanProcessor of either SDK line.
 */
export class KeepProcessor {
  readonly #rules: KeepRules;
  readonly #sink: KeepSink;
  readonly #parentOf: (context: OtelContext) => object | undefined;
  readonly #open = new Set<TraceGroup>();
  #waiting = 0;

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
    const parent: { [GROUP]?: TraceGroup } | undefined = this.#parentOf(context);
    span[GROUP] = parent?.[GROUP] ?? this.#newGroup(span);
  }

  onEnd(span: Grouped): void {
    const group = span[GROUP];
    if (group === undefined) {
      this.#sink.dropped('not_kept', 1);
    } else if (group.decided !== undefined) {
      this.#follow(group.decided, [span]);
    } else if (group.root === span) {
      group.spans.push(span);
      this.#waiting++;
      this.#close(group, this.#verdict(span));
    } else if (group.spans.length >= MAX_SPANS) {
      this.#sink.dropped('trace_too_large', 1);
    } else {
      group.spans.push(span);
      this.#waiting++;
    }
  }

  /** At the end, what still waits for its root is decided as it is. */
  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    for (const group of this.#open)
      this.#close(group, group.spans.some(failed) && this.#rules.errors ? 'error' : 'dropped');
  }

  #newGroup(root: Grouped): TraceGroup {
    const group = new TraceGroup(root);
    this.#open.add(group);
    if (this.#open.size > MAX_OPEN) this.#evict();
    return group;
  }

  #evict(): void {
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    this.#open.delete(oldest);
    oldest.decided = 'dropped';
    this.#waiting -= oldest.spans.length;
    this.#sink.dropped('too_many_open', oldest.spans.splice(0).length);
  }

  #verdict(root: Grouped): KeptBecause | 'dropped' {
    if ((root.spanContext().traceFlags & SAMPLED) === SAMPLED) return 'sampled';
    if (this.#rules.errors && failed(root)) return 'error';
    return root[SLOW] === true || milliseconds(root.duration) > this.#rules.slowerThanMs ? 'slow' : 'dropped';
  }

  #close(group: TraceGroup, decided: KeptBecause | 'dropped'): void {
    this.#open.delete(group);
    group.decided = decided;
    this.#waiting -= group.spans.length;
    this.#follow(decided, group.spans.splice(0));
  }

  #follow(decided: KeptBecause | 'dropped', spans: FinishedSpan[]): void {
    if (decided === 'dropped') this.#sink.dropped('not_kept', spans.length);
    else if (spans.length > 0) this.#sink.kept(spans, decided);
  }
}

function failed(span: FinishedSpan): boolean {
  return span.status.code === ERROR;
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

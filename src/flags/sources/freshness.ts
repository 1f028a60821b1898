import type { Clock } from '../../core/clock.js';
import type { Source, SourceSink } from '../source.js';

/** How a source is, in plain numbers: for metrics and for the details of readiness. */
export interface SourceState {
  readonly source: string;
  /** Since it last gave a document that was applied, or said that there is none newer; `null`: never yet. */
  readonly ageSeconds: number | null;
  /** For how long what it gave may be out of date: 0 as long as the last that was heard of it was good. */
  readonly staleSeconds: number;
  readonly applied: number;
  /** Documents that were refused. */
  readonly refused: number;
  /** Times that it could not be read. */
  readonly failed: number;
  /** Why not, if that was the last that was heard of it. */
  readonly failure: string | null;
}

/** Stands between sources and the one who takes their documents, and keeps when each was last good. */
export class Freshness {
  readonly #clock: Clock;
  readonly #watched: WatchedSink[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The sink to start `source` with. */
  watch(source: Source, sink: SourceSink): SourceSink {
    const watched = new WatchedSink(source.name, sink, this.#clock);
    this.#watched.push(watched);
    return watched;
  }

  states(): readonly SourceState[] {
    return this.#watched.map((watched) => watched.state());
  }
}

class WatchedSink implements SourceSink {
  readonly #source: string;
  readonly #sink: SourceSink;
  readonly #clock: Clock;
  readonly #startedMs: number;
  #goodMs: number | undefined;
  #applied = 0;
  #refused = 0;
  #failed = 0;
  #failure: string | null = null;

  constructor(source: string, sink: SourceSink, clock: Clock) {
    this.#source = source;
    this.#sink = sink;
    this.#clock = clock;
    this.#startedMs = clock.monotonic();
  }

  document(text: string): boolean {
    const applied = this.#sink.document(text);
    if (applied) {
      this.#applied++;
      this.#good();
    } else {
      this.#refused++;
      this.#failure = 'its document was refused';
    }
    return applied;
  }

  alive(): void {
    this.#good();
    this.#sink.alive();
  }

  failed(reason: string, cause?: unknown): void {
    this.#failed++;
    this.#failure = reason;
    this.#sink.failed(reason, cause);
  }

  state(): SourceState {
    const nowMs = this.#clock.monotonic();
    return {
      source: this.#source,
      ageSeconds: this.#goodMs === undefined ? null : (nowMs - this.#goodMs) / 1000,
      staleSeconds: this.#failure === null ? 0 : (nowMs - (this.#goodMs ?? this.#startedMs)) / 1000,
      applied: this.#applied,
      refused: this.#refused,
      failed: this.#failed,
      failure: this.#failure,
    };
  }

  #good(): void {
    this.#goodMs = this.#clock.monotonic();
    this.#failure = null;
  }
}

import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { DependencySeries } from './dependencies-series.js';

/** Asks for a number now or later. */
export type Ask = () => number | PromiseLike<number>;
/** The same, of what may not be there. */
export type AskAge = () => number | undefined | PromiseLike<number | undefined>;

const INTERVAL_MS = 5_000;
/** An answer that takes longer than until the next question is late: until it comes, nothing is known. */
const GIVEN_UP_MS = 60_000;

export interface QueueHandle {
  /** No longer asks. */
  remove(): void;
}

interface Watched {
  readonly series: DependencySeries;
  readonly depth: Ask;
  readonly oldestAge: AskAge | undefined;
  /** When the question that has no answer yet was asked. */
  askedMs: number | undefined;
  /** The answer to an older question than this one counts no more. */
  question: number;
}

/** Asks queues for their depth, from one timer, one question at a time each: never from a snapshot, and never within a request. */
export class QueuePoller {
  readonly #clock: Clock;
  readonly #watched = new Map<string, Watched>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The queue is asked at once, and then every 5 s. The same name takes the place of the former. */
  watch(series: DependencySeries, depth: Ask, oldestAge: AskAge | undefined): QueueHandle {
    const watched: Watched = { series, depth, oldestAge, askedMs: undefined, question: 0 };
    series.queue = oldestAge === undefined ? { depth: null } : { depth: null, oldestAgeSeconds: null };
    this.#watched.set(series.name, watched);
    this.start();
    this.#ask(watched);
    return {
      remove: () => {
        if (this.#watched.get(series.name) !== watched) return;
        this.#watched.delete(series.name);
        watched.question++;
        series.queue = undefined;
        if (this.#watched.size === 0) this.stop();
      },
    };
  }

  /** Where there is a queue to ask. */
  start(): void {
    if (this.#watched.size > 0) this.#cancel ??= this.#clock.every(INTERVAL_MS, () => this.#tick());
  }

  /** What was last known stays. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(): void {
    for (const watched of this.#watched.values()) {
      if (watched.askedMs === undefined) {
        this.#ask(watched);
        continue;
      }
      unknown(watched);
      const { name } = watched.series;
      diagnostics.drop('queue', 'late');
      diagnostics.warn(`queue.${name}`, `queue "${name}" did not say how deep it is within ${INTERVAL_MS / 1e3} s`);
      if (this.#clock.monotonic() - watched.askedMs >= GIVEN_UP_MS) this.#ask(watched);
    }
  }

  #ask(watched: Watched): void {
    const question = ++watched.question;
    watched.askedMs = this.#clock.monotonic();
    answers(watched).then(
      ([depth, age]) => {
        if (watched.question === question) answered(watched, depth, age);
      },
      (cause: unknown) => {
        if (watched.question !== question) return;
        watched.askedMs = undefined;
        unknown(watched);
        diagnostics.report(`depth of queue "${watched.series.name}"`, cause);
      },
    );
  }
}

/** What throws at once rejects too. */
async function answers({ depth, oldestAge }: Watched): Promise<[number, number | undefined]> {
  const [asked, age] = [depth(), oldestAge?.()];
  return Promise.all([asked, age]);
}

function answered(watched: Watched, depth: number, age: number | undefined): void {
  watched.askedMs = undefined;
  const { series, oldestAge } = watched;
  const { name } = series;
  const sane = (value: unknown): number | null => {
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    diagnostics.drop('queue', 'no_number');
    diagnostics.warn(`queue.number.${name}`, `queue "${name}" gave a figure that is no number from 0: it is left out`);
    return null;
  };
  // An empty queue has no oldest entry, and tells so with nothing.
  const ageOf = (): number | null => (depth === 0 && age === undefined ? 0 : sane(age));
  series.queue = oldestAge === undefined ? { depth: sane(depth) } : { depth: sane(depth), oldestAgeSeconds: ageOf() };
}

function unknown({ series, oldestAge }: Watched): void {
  series.queue = oldestAge === undefined ? { depth: null } : { depth: null, oldestAgeSeconds: null };
}

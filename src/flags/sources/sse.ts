import { type Clock, systemClock } from '../../core/clock.js';
import { endpoint } from '../../core/endpoint.js';
import { HttpRequests } from '../../core/http-request.js';
import type { Source, SourceSink } from '../source.js';
import { http } from './http.js';
import { type SseOptions, StreamRun } from './stream-run.js';
import type { TaggedSource } from './tagged.js';

/**
 * Documents as they change: each event `message` or `put` of a `text/event-stream` is a whole one, all others are signs of
 * life. A connection that ends is made again, by chance a little later each time, with the ID of the last event that was
 * applied; while there is none, the address is polled. A malformed event changes nothing.
 *
 * Throws for an address that is none of http or https.
 */
export function sse(url: string, options: SseOptions = {}): Source {
  return new EventStream(url, options);
}

class EventStream implements Source {
  readonly name: string;
  readonly #options: SseOptions;
  readonly #requests: () => HttpRequests;
  readonly #poll: TaggedSource;
  readonly #clock: Clock;
  #stop: () => void = () => {};

  constructor(url: string, options: SseOptions) {
    const to = endpoint(url, 'the source of flags');
    this.name = `stream ${to.shown}`;
    this.#options = options;
    this.#requests = () => new HttpRequests(to, options.tls);
    this.#poll = http(options.pollUrl ?? url, options);
    this.#clock = options.clock ?? systemClock;
  }

  start(sink: SourceSink): void {
    this.#stop();
    const run = new StreamRun(this.#requests(), this.#poll, sink, this.#clock, this.#options);
    this.#stop = () => run.end();
    run.connect();
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }
}

import type { IncomingMessage } from 'node:http';
import { unobserved } from '../../context/unobserved.js';
import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { type HttpRequests, reasonOf } from '../../core/http-request.js';
import type { SourceSink } from '../source.js';
import { MAX_BODY_BYTES } from './body.js';
import { EventParser, type ServerEvent } from './event-parser.js';
import type { HttpSourceOptions } from './http.js';
import { PollPace } from './poll-pace.js';
import type { TaggedSource } from './tagged.js';

export interface SseOptions extends HttpSourceOptions {
  /** Where documents are polled for while the stream is down; the same address unless told. */
  readonly pollUrl?: string | undefined;
  /** How often the server says something at the least. After twice that in silence the connection counts as dead. 30 s unless told. */
  readonly heartbeatMs?: number | undefined;
}

/** A start without a document after so long polls beside the stream. */
const PATIENCE_MS = 2000;
/** One failure is a proxy that ends long connections; two are an outage. */
const OUTAGE = 2;
/** What a server may ask for at most. */
const LONGEST_RETRY_MS = 60_000;

/** From `start` to `stop`: one connection at a time, and what stands in for it. */
export class StreamRun {
  readonly #requests: HttpRequests;
  readonly #poll: TaggedSource;
  readonly #sink: SourceSink;
  readonly #clock: Clock;
  readonly #options: SseOptions;
  readonly #pace: PollPace;
  readonly #timeoutMs: number;
  readonly #silenceMs: number;
  #controller = new AbortController();
  #cancel: () => void = () => {};
  readonly #cancelPatience: () => void;
  #ended = false;
  #polling = false;
  #failures = 0;
  #lastId = '';
  #retryMs = 0;
  /** The last event was applied: silence of news is good news. */
  #current = false;

  constructor(requests: HttpRequests, poll: TaggedSource, sink: SourceSink, clock: Clock, options: SseOptions) {
    this.#requests = requests;
    this.#poll = poll;
    this.#sink = sink;
    this.#clock = clock;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#silenceMs = 2 * (options.heartbeatMs ?? 30_000);
    this.#pace = new PollPace(options.intervalMs ?? 10_000, options.random ?? Math.random);
    this.#cancelPatience = after(clock, PATIENCE_MS, () => {
      if (!this.#current) this.#standIn();
    });
  }

  connect(): void {
    this.#controller = new AbortController();
    void this.#follow(this.#controller);
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
    this.#cancelPatience();
    this.#controller.abort(new Error('stopped'));
    this.#requests.close();
    this.#poll.stop();
  }

  /** One connection, from the request to its end, and the time of the next. Never rejects. */
  async #follow({ signal }: AbortController): Promise<void> {
    let waitMs: number;
    try {
      const response = await this.#open(signal);
      const unfit = unfitness(response);
      if (unfit === undefined) waitMs = await this.#read(response);
      else {
        response.destroy();
        this.#lost(unfit);
        waitMs = this.#pace.refused();
      }
    } catch (cause) {
      this.#lost(reasonOf(signal.aborted ? signal.reason : cause), cause);
      waitMs = this.#pace.failed(this.#retryMs);
    }
    if (!this.#ended) this.#cancel = after(this.#clock, waitMs, () => this.connect());
  }

  #open(signal: AbortSignal): Promise<IncomingMessage> {
    const resumed = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    const headers = { ...this.#options.headers, accept: 'text/event-stream', 'cache-control': 'no-store', ...resumed };
    const cancel = after(this.#clock, this.#timeoutMs, () => this.#abort(`no answer within ${this.#timeoutMs} ms`));
    return unobserved(() => this.#requests.open({ method: 'GET', headers, signal })).finally(cancel);
  }

  /** Throws when the connection breaks, or is silent for too long. */
  async #read(response: IncomingMessage): Promise<number> {
    const parser = new EventParser(MAX_BODY_BYTES);
    let cancel = this.#listen();
    try {
      for await (const chunk of response) {
        const before = parser.lines;
        const events = parser.push(chunk);
        if (this.#ended) return 0;
        for (const event of events) this.#take(event);
        if (parser.lines === before) continue;
        if (events.length === 0 && this.#current && !this.#polling) this.#sink.alive();
        cancel();
        cancel = this.#listen();
      }
    } finally {
      cancel();
      if (parser.retryMs !== undefined) this.#retryMs = Math.min(parser.retryMs, LONGEST_RETRY_MS);
    }
    throw new Error('the stream ended');
  }

  #listen(): () => void {
    return after(this.#clock, this.#silenceMs, () => this.#abort(`silent for ${this.#silenceMs} ms`));
  }

  #abort(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  #take({ type, data, id }: ServerEvent): void {
    if (type !== 'message' && type !== 'put') return;
    this.#current = this.#sink.document(data);
    if (!this.#current) return;
    this.#lastId = /^[\x20-\x7e]{0,1000}$/.test(id) ? id : ''; // it goes into a header
    this.#failures = 0;
    this.#pace.well();
    if (this.#polling) this.#poll.stop();
    this.#polling = false;
  }

  #lost(reason: string, cause?: unknown): void {
    if (this.#ended) return;
    this.#failures++;
    this.#sink.failed(reason, cause);
    if (this.#failures >= OUTAGE || !this.#current) this.#standIn();
  }

  #standIn(): void {
    if (this.#polling || this.#ended) return;
    this.#polling = true;
    this.#poll.start(this.#sink);
  }
}

/** A 204 asks for no more connections; we come back all the same, and less often. */
function unfitness({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return `HTTP ${statusCode} instead of a stream of events`;
  const type = headers['content-type'] ?? 'no content type';
  return type.startsWith('text/event-stream') ? undefined : `${type} instead of text/event-stream`;
}

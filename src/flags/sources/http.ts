import { unobserved } from '../../context/unobserved.js';
import { after } from '../../core/after.js';
import { type Clock, systemClock } from '../../core/clock.js';
import { endpoint } from '../../core/endpoint.js';
import { HttpRequests, type Reply, reasonOf, type Tls } from '../../core/http-request.js';
import { retryAfterMs } from '../../core/retry-after.js';
import type { SourceSink } from '../source.js';
import { MAX_BODY_BYTES, TOO_LARGE, textOf } from './body.js';
import { PollPace } from './poll-pace.js';
import type { TaggedSource, Version } from './tagged.js';

export interface HttpSourceOptions {
  /** Between two polls, 10 % more or less by chance. 10 s unless told; at least 100 ms. */
  readonly intervalMs?: number | undefined;
  /** For all of one request, its body included. 10 s unless told. */
  readonly timeoutMs?: number | undefined;
  /** For credentials: these are sent to the configured address alone, and shown nowhere. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly tls?: Tls | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * Polls an address for a document, with its ETag. The ETag is kept once the document was applied: one that was refused
 * is sent again with the next poll, and a kill switch in it is not lost to 304s. Whatever is answered, polling goes on.
 *
 * Throws for an address that is none of http or https.
 */
export function http(url: string, options: HttpSourceOptions = {}): TaggedSource {
  return new HttpPoll(url, options);
}

class HttpPoll implements TaggedSource {
  readonly name: string;
  readonly #requests: () => HttpRequests;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #pace: PollPace;
  #run: Run | undefined;
  #etag: string | undefined;
  /** Until the service has said whether it is still the one. */
  #resumed: Version | undefined;

  constructor(url: string, options: HttpSourceOptions) {
    const to = endpoint(url, 'the source of flags');
    this.name = to.shown;
    this.#requests = () => new HttpRequests(to, options.tls);
    this.#headers = { accept: 'application/json', ...options.headers };
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#clock = options.clock ?? systemClock;
    this.#pace = new PollPace(Math.max(100, options.intervalMs ?? 10_000), options.random ?? Math.random);
  }

  start(sink: SourceSink): void {
    this.#run?.end();
    this.#run = new Run(this.#requests());
    this.#etag = this.#resumed?.etag; // else nothing: whoever starts it may have nothing yet
    void this.#poll(this.#run, sink);
  }

  get etag(): string | undefined {
    return this.#etag;
  }

  resume(version: Version): void {
    this.#resumed = version;
  }

  stop(): void {
    this.#run?.end();
    this.#run = undefined;
  }

  /** One request, and when it is over the time of the next: never two at once. */
  async #poll(run: Run, sink: SourceSink): Promise<void> {
    const cancel = after(this.#clock, this.#timeoutMs, () => run.abort(`no whole answer within ${this.#timeoutMs} ms`));
    const waitMs = await this.#ask(run, sink);
    cancel();
    if (!run.ended) run.next(after(this.#clock, waitMs, () => void this.#poll(run, sink)));
  }

  /** Never rejects. */
  async #ask(run: Run, sink: SourceSink): Promise<number> {
    const headers = this.#etag === undefined ? this.#headers : { ...this.#headers, 'if-none-match': this.#etag };
    const { signal } = run.controller;
    try {
      const reply = await unobserved(() => run.requests.send({ method: 'GET', headers, signal }, MAX_BODY_BYTES));
      if (run.ended) return 0;
      if (reply.status === 200) return this.#take(reply, signal, sink);
      if (reply.status === 304 && this.#etag !== undefined) return this.#unchanged(sink);
      sink.failed(answered(reply.status));
      const asked = retryAfterMs(reply.headers['retry-after'], this.#clock.now());
      return reply.status >= 500 || reply.status === 429 ? this.#pace.failed(asked) : this.#pace.refused(asked);
    } catch (cause) {
      if (!run.ended) sink.failed(reasonOf(cause), cause);
      return this.#pace.failed();
    }
  }

  #take(reply: Reply, signal: AbortSignal, sink: SourceSink): number {
    if (reply.ended === 'cut') {
      sink.failed(`the body has ${TOO_LARGE}`);
      return this.#pace.refused();
    }
    if (reply.ended === 'broken') throw signal.aborted ? signal.reason : new Error('the body broke off');
    const text = textOf(reply.body);
    if (text === undefined) sink.failed('the body is not UTF-8');
    if (text === undefined || !sink.document(text)) return this.#pace.refused();
    this.#etag = reply.headers.etag;
    this.#resumed = undefined;
    return this.#pace.well();
  }

  #unchanged(sink: SourceSink): number {
    const resumed = this.#resumed;
    this.#resumed = undefined;
    if (resumed === undefined) sink.alive();
    else if (!sink.document(resumed.text)) this.#etag = undefined; // then all of it is asked for
    return this.#pace.well();
  }
}

/** From `start` to `stop`. What a request of an ended run still brings is nobody's. */
class Run {
  readonly requests: HttpRequests;
  controller = new AbortController();
  ended = false;
  #cancelNext: () => void = () => {};

  constructor(requests: HttpRequests) {
    this.requests = requests;
  }

  next(cancel: () => void): void {
    this.controller = new AbortController();
    this.#cancelNext = cancel;
  }

  abort(reason: string): void {
    this.controller.abort(new Error(reason));
  }

  end(): void {
    this.ended = true;
    this.#cancelNext();
    this.abort('stopped');
    this.requests.close();
  }
}

function answered(status: number): string {
  if (status === 304) return 'HTTP 304 although no ETag was sent';
  if (status >= 300 && status < 400) return `HTTP ${status}: redirects are not followed, give the final address`;
  if (status === 401 || status === 403) return `HTTP ${status}: check the credentials in the headers`;
  if (status === 404) return 'HTTP 404: check the path of the address';
  return `HTTP ${status}`;
}

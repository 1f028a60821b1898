import type { Clock } from '../../core/clock.js';
import { endpoint } from '../../core/endpoint.js';
import { DeliveryError } from '../../core/outbox.js';
import { retryAfterMs } from '../../core/retry-after.js';
import { HttpPost } from '../../traces/export/http-post.js';
import { noAnswer } from '../../traces/export/http-result.js';

export interface PostOptions {
  readonly url: string;
  /** Sent with every request, for credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const TOO_MANY_REQUESTS = 429;

/** Posts JSON to one receiver. Our own request: no headers of ours are put on it, and it is no call of the application's. */
export class JsonPost {
  readonly #http: HttpPost;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #clock: Clock;

  /** Throws for what is no http(s) address; `sink` says whose it is. `path` is added to the address. */
  constructor({ url, headers = {} }: PostOptions, sink: string, clock: Clock, path = '') {
    const to = endpoint(url, `the url of the alerts sink "${sink}"`).url;
    if (path !== '') to.pathname = `${to.pathname.replace(/\/$/, '')}${path}`;
    // Some receivers have their secret in the path.
    this.#http = new HttpPost({ url: to, shown: to.origin });
    this.#headers = headers;
    this.#clock = clock;
  }

  /** For people to read: without user name, password, path and query. */
  get shown(): string {
    return this.#http.endpoint.shown;
  }

  /** Rejects with a `DeliveryError` unless the receiver has taken it. As an Alertmanager does, every 5xx is tried again. */
  async send(body: unknown, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...this.#headers };
    const reply = await this.#http.post(bytes, headers, signal).catch((cause: unknown) => noAnswer(cause));
    if (!('headers' in reply)) throw new DeliveryError('reason' in reply ? String(reply.reason) : 'no answer', true);
    const { status } = reply;
    if (status >= 200 && status < 300) return;
    const isPassing = status >= 500 || status === TOO_MANY_REQUESTS;
    const said = reply.body.toString('utf8', 0, 200).replaceAll(/\s+/g, ' ').trim();
    const wait = retryAfterMs(reply.headers['retry-after'], this.#clock.now());
    throw new DeliveryError(`HTTP ${status}${said === '' ? '' : `: ${said}`}`, isPassing, wait);
  }

  close(): void {
    this.#http.close();
  }
}

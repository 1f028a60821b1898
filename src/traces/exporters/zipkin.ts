import type { Clock } from '../../core/clock.js';
import type { Endpoint } from '../../core/endpoint.js';
import type { FinishedSpan } from '../export/finished-span.js';
import { HttpPost } from '../export/http-post.js';
import { noAnswer, resultOf } from '../export/http-result.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';
import { encodeZipkin } from './zipkin-json.js';

export interface ZipkinSettings {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Zipkin's v2 API. */
export class ZipkinSender implements SpanSender {
  readonly name = 'zipkin';
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #http: HttpPost;

  constructor({ endpoint, headers, timeoutMs }: ZipkinSettings, clock: Clock) {
    this.endpoint = endpoint.shown;
    this.timeoutMs = timeoutMs;
    this.#headers = { ...headers, 'content-type': 'application/json' };
    this.#clock = clock;
    this.#http = new HttpPost(endpoint);
  }

  async send(spans: readonly FinishedSpan[], signal: AbortSignal): Promise<SendResult> {
    const body = encodeZipkin(spans);
    try {
      return resultOf(await this.#http.post(body, this.#headers, signal), this.#clock.now());
    } catch (cause) {
      return noAnswer(cause);
    }
  }

  close(): void {
    this.#http.close();
  }
}

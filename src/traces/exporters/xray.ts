import { newTraceId } from '../../context/ids.js';
import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/diagnostics.js';
import type { Endpoint } from '../../core/endpoint.js';
import type { FinishedSpan } from '../export/finished-span.js';
import { HttpPost } from '../export/http-post.js';
import { noAnswer, resultOf } from '../export/http-result.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';
import { taken } from './otlp.js';
import { encodeOtlpProtobuf } from './otlp-protobuf.js';
import { type AwsCredentials, RequestSigner } from './sigv4.js';

export interface XraySettings {
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
  readonly timeoutMs: number;
}

/**
 * The OTLP endpoint of AWS X-Ray, which takes signed protobuf and needs Transaction Search to be on. Through a collector
 * or the CloudWatch agent, which sign themselves, the exporter is `otlp`.
 */
export class XraySender implements SpanSender {
  readonly name = 'xray';
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly #clock: Clock;
  readonly #http: HttpPost;
  readonly #signer: RequestSigner;

  constructor({ endpoint, timeoutMs, ...signing }: XraySettings, clock: Clock) {
    this.endpoint = endpoint.shown;
    this.timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#http = new HttpPost(endpoint);
    this.#signer = new RequestSigner({ service: 'xray', ...signing });
  }

  ready(): Promise<void> {
    return this.#signer.ready();
  }

  async send(spans: readonly FinishedSpan[], signal: AbortSignal): Promise<SendResult> {
    const body = encodeOtlpProtobuf(spans);
    try {
      await this.#signer.ready();
    } catch (cause) {
      return { status: 'rejected', reason: messageOf(cause) };
    }
    try {
      const headers = await this.#signed(body, signal);
      const reply = await this.#http.post(body, headers, signal);
      const result = resultOf(reply, this.#clock.now());
      return result.status === 'accepted' ? taken(reply.body, 'http/protobuf') : result;
    } catch (cause) {
      return noAnswer(cause);
    }
  }

  close(): void {
    this.#http.close();
  }

  /** A provider of credentials may ask over the network and take its time. */
  #signed(body: Uint8Array, signal: AbortSignal): Promise<Record<string, string>> {
    const headers = { 'content-type': 'application/x-protobuf' };
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#signer.sign(this.#http.endpoint.url, headers, body, new Date(this.#clock.now())).then(resolve, reject);
    });
  }
}

/** A trace ID as X-Ray wants it, in W3C's form: 8 hex digits of seconds since the epoch, 24 by chance. */
export function xrayTraceId(clock: Clock): string {
  const seconds = Math.floor(clock.now() / 1000);
  return seconds.toString(16).padStart(8, '0') + newTraceId().slice(8);
}

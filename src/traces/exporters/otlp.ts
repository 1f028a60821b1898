import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../../core/clock.js';
import type { Endpoint } from '../../core/endpoint.js';
import type { Tls } from '../../core/http-request.js';
import type { FinishedSpan } from '../export/finished-span.js';
import { HttpPost } from '../export/http-post.js';
import { noAnswer, resultOf } from '../export/http-result.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';
import { encodeOtlpJson } from './otlp-json.js';
import { encodeOtlpProtobuf } from './otlp-protobuf.js';
import { partialSuccess } from './otlp-reply.js';
import type { Protocol } from './protocol.js';

export interface OtlpSettings {
  readonly endpoint: Endpoint;
  readonly protocol: Protocol;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly tls: Tls;
}

const formats = {
  'http/json': { encode: encodeOtlpJson, contentType: 'application/json' },
  'http/protobuf': { encode: encodeOtlpProtobuf, contentType: 'application/x-protobuf' },
} as const;

const compress = promisify(gzip);

/** OTLP over HTTP: Jaeger, and every collector. */
export class OtlpSender implements SpanSender {
  readonly name = 'otlp';
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly #settings: OtlpSettings;
  readonly #clock: Clock;
  readonly #http: HttpPost;

  constructor(settings: OtlpSettings, clock: Clock) {
    this.endpoint = settings.endpoint.shown;
    this.timeoutMs = settings.timeoutMs;
    this.#settings = settings;
    this.#clock = clock;
    this.#http = new HttpPost(settings.endpoint, settings.tls);
  }

  async send(spans: readonly FinishedSpan[], signal: AbortSignal): Promise<SendResult> {
    const { protocol, headers, gzip: zipped } = this.#settings;
    const { encode, contentType } = formats[protocol];
    const plain = encode(spans);
    try {
      const body = zipped ? await compress(plain) : plain;
      const encoding = zipped ? { 'content-encoding': 'gzip' } : {};
      const reply = await this.#http.post(body, { ...headers, 'content-type': contentType, ...encoding }, signal);
      const result = resultOf(reply, this.#clock.now());
      return result.status === 'accepted' ? taken(reply.body, protocol) : result;
    } catch (cause) {
      return noAnswer(cause);
    }
  }

  close(): void {
    this.#http.close();
  }
}

export function taken(body: Uint8Array, protocol: OtlpSettings['protocol']): SendResult {
  const { rejected, message } = partialSuccess(body, protocol);
  return {
    status: 'accepted',
    rejected,
    reason: `the receiver refused ${rejected} spans: ${message || 'no reason given'}`,
  };
}

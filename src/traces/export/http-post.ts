import type { Endpoint } from '../../core/endpoint.js';
import { HttpRequests, type Reply, type Tls } from '../../core/http-request.js';

/** A receiver has little to say; reading a hostile one whole would be our memory's end (CVE-2026-39882 in otel-go). */
const MAX_BODY_BYTES = 64 * 1024;

/** Posts to one endpoint. An answer that is too long, or breaks off, counts by its status. */
export class HttpPost {
  readonly endpoint: Endpoint;
  readonly #requests: HttpRequests;

  constructor(endpoint: Endpoint, tls: Tls = {}) {
    this.endpoint = endpoint;
    this.#requests = new HttpRequests(endpoint, tls);
  }

  /** Rejects when no head of a response came: nobody knows whether the receiver has it. */
  post(body: Uint8Array, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Reply> {
    return this.#requests.send({ method: 'POST', headers, body, signal }, MAX_BODY_BYTES);
  }

  close(): void {
    this.#requests.close();
  }
}

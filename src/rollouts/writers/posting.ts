import { unobserved } from '../../context/unobserved.js';
import { endpoint } from '../../core/endpoint.js';
import { HttpRequests } from '../../core/http-request.js';

const MAX_ANSWER_BYTES = 4096;

/** Posts to one address; what is not answered with 2xx rejects. Throws for what is no address. */
export class Posting {
  readonly shown: string;
  readonly #requests: HttpRequests;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, key: string, headers: Readonly<Record<string, string>>) {
    const to = endpoint(url, key);
    this.shown = to.shown;
    this.#requests = new HttpRequests(to);
    this.#headers = headers;
  }

  async post(body: unknown, signal: AbortSignal): Promise<void> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    const wanted = { method: 'POST', headers, body: Buffer.from(JSON.stringify(body)), signal } as const;
    const { status } = await unobserved(() => this.#requests.send(wanted, MAX_ANSWER_BYTES));
    if (status < 200 || status > 299) throw new Error(`${this.shown} answered ${status}`);
  }

  close(): void {
    this.#requests.close();
  }
}

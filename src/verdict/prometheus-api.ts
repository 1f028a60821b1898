import { messageOf } from '../core/diagnostics.js';
import { type Endpoint, endpoint } from '../core/endpoint.js';
import type { Series } from './counter-steps.js';

export interface Range {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** A question that has got no usable answer: the message says from where and why. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

/** A page of numbers, not a dump. */
const MAX_BYTES = 64_000_000;

/** The HTTP API of a Prometheus, or of what speaks as one (Thanos, Mimir, VictoriaMetrics). */
export class PrometheusApi {
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;

  /** Throws for what is no http(s) address. `key` names the setting that holds it. */
  constructor(address: string, key: string, timeoutMs = 10_000) {
    this.#endpoint = endpoint(address, key);
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with a `PrometheusError`. */
  async range(query: string, { from, to, stepSeconds }: Range): Promise<readonly Series[]> {
    const { url, shown } = this.#endpoint;
    const asked = new URL(`${url.pathname.replace(/\/$/, '')}/api/v1/query_range`, url);
    const body = new URLSearchParams({ query, start: String(from), end: String(to), step: String(stepSeconds) });
    const answer = await this.#post(asked, body).catch((cause: unknown) => {
      throw new PrometheusError(`${shown} does not answer: ${reasonOf(cause)}`, { cause });
    });
    if (!isMatrix(answer.content)) throw new PrometheusError(`${shown} answers ${answer.status}: ${answer.said}`);
    return answer.content.data.result;
  }

  /** POST, as a query may be longer than an address. A user and password of the address go where addresses' do. */
  async #post(url: URL, body: URLSearchParams): Promise<{ status: number; content: unknown; said: string }> {
    const { username, password } = url;
    const headers: Record<string, string> =
      username === ''
        ? {}
        : { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` };
    url.username = '';
    url.password = '';
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' });
    if (Number(response.headers.get('content-length')) > MAX_BYTES) throw new Error('the answer is too long');
    const text = await textOf(response);
    const content = parsed(text);
    return { status: response.status, content, said: saidIn(content) ?? text.slice(0, 200) };
  }
}

/** Its length is not always told beforehand. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Matrix {
  readonly data: { readonly result: readonly Series[] };
}

function isMatrix(content: unknown): content is Matrix {
  if (!isObject(content) || content['status'] !== 'success' || !isObject(content['data'])) return false;
  const { resultType, result } = content['data'];
  return resultType === 'matrix' && Array.isArray(result) && result.every(isSeries);
}

function isSeries(series: unknown): boolean {
  if (!isObject(series) || !isObject(series['metric']) || !Array.isArray(series['values'])) return false;
  const labels = Object.values(series['metric']);
  return labels.every((label) => typeof label === 'string') && series['values'].every(isSample);
}

function isSample(sample: unknown): boolean {
  return Array.isArray(sample) && typeof sample[0] === 'number' && typeof sample[1] === 'string';
}

function saidIn(content: unknown): string | undefined {
  return isObject(content) && typeof content['error'] === 'string' ? content['error'] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What `fetch` rejects with says little; its cause says it. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  if (inner instanceof AggregateError) return inner.errors.map(messageOf).join('; ');
  return messageOf(inner);
}

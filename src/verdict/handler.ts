import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../core/diagnostics.js';
import { hooks, isHook } from './hooks.js';
import type { Verdict } from './judge.js';
import { PrometheusError } from './prometheus-api.js';

/** At least these; whatever else it has is sent along. */
export interface Answer {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Who judges. */
export interface Judges {
  /** Of a guarded flag; `undefined` for a flag that nobody guards. */
  readonly flag: (key: string) => Answer | undefined;
  /** Of a version against another one; left out where no Prometheus is known. */
  readonly release?: ((candidate: string, baseline: string) => Promise<Answer>) | undefined;
}

export type VerdictHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What Flagger sends is a few hundred bytes. */
const MAX_BODY = 65_536;

/**
 * `/verdict?flag=new_checkout` and `/verdict?version=1.5.0&baseline=1.4.1` answer 200 with `{ verdict, reason, ... }`, as
 * Argo's web metric reads it. With `hook=<type of webhook>` it answers as Flagger's webhooks want it: 200 for yes, 403 for
 * no; names may come in the webhook's metadata as well. 400: asked for nothing. 404: nobody judges that. 503: Prometheus
 * does not answer. Changes nothing, whatever the method.
 */
export function verdictHandler(judges: Judges): VerdictHandler {
  return async (request, response) => {
    const asked = await questionOf(request);
    const hook = asked.get('hook');
    if (hook !== null && !isHook(hook))
      return answer(response, 400, { error: `unknown hook "${hook}"; known: ${Object.keys(hooks).join(', ')}` });
    const judged = await judgement(judges, asked);
    if (!('verdict' in judged)) return answer(response, judged.status, { error: judged.error });
    answer(response, hook === null || hooks[hook](judged.verdict) ? 200 : 403, judged);
  };
}

interface Refusal {
  readonly status: number;
  readonly error: string;
}

async function judgement({ flag, release }: Judges, asked: URLSearchParams): Promise<Answer | Refusal> {
  const [key, version, baseline] = [asked.get('flag'), asked.get('version'), asked.get('baseline')];
  if (key !== null) return flag(key) ?? { status: 404, error: `no flag "${key}" is guarded here` };
  if (version === null || baseline === null)
    return { status: 400, error: 'expected ?flag=<key>, or ?version=<candidate>&baseline=<version in use>' };
  if (release === undefined) return { status: 404, error: 'no Prometheus is known that could tell versions apart' };
  try {
    return await release(version, baseline);
  } catch (cause) {
    if (cause instanceof PrometheusError) return { status: 503, error: messageOf(cause) };
    throw cause;
  }
}

/** Of the address, and of what a webhook brings along: the address comes first. */
async function questionOf(request: IncomingMessage): Promise<URLSearchParams> {
  const asked = new URLSearchParams(/\?(.*)/.exec(request.url ?? '')?.[1]);
  if (request.method !== 'POST') return asked;
  for (const [name, value] of Object.entries(await metadataOf(request))) {
    if (typeof value === 'string' && !asked.has(name)) asked.set(name, value);
  }
  return asked;
}

async function metadataOf(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) return {};
    chunks.push(chunk);
  }
  try {
    const { metadata } = JSON.parse(Buffer.concat(chunks).toString()) as { metadata?: unknown };
    return typeof metadata === 'object' && metadata !== null ? metadata : {};
  } catch {
    return {};
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

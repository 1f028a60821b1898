import type { Snapshot } from '../admin/api/snapshot.js';
import { endpoint } from '../core/endpoint.js';
import { HttpRequests, type Reply, reasonOf } from '../core/http-request.js';

export interface Watched {
  /** Of the admin port: `http://127.0.0.1:9464`. */
  readonly url: string;
  readonly token: string | undefined;
}

const WAIT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

/** The service does not answer, or not to us: what was asked, and what to do. */
export class TopFailure extends Error {
  override readonly name = 'TopFailure';
}

/** The snapshot of a running service, by a request that a service which looks at itself does not observe. Throws a `TopFailure`. */
export async function look({ url, token }: Watched, signal: AbortSignal): Promise<Snapshot> {
  const { url: address } = endpoint(new URL('api/snapshot', url.endsWith('/') ? url : `${url}/`).href, 'the url');
  const reply = await replyOf(address, token, signal);
  if (reply.status === 401)
    throw new TopFailure(`${address.origin} wants its token: give --token or FOURLIGHTS_ADMIN_TOKEN`);
  if (reply.status !== 200)
    throw new TopFailure(`${address.origin} answered ${reply.status}: is it the admin port of a service?`);
  let body: unknown;
  try {
    body = JSON.parse(reply.body.toString());
  } catch (cause) {
    throw new TopFailure(`${address.origin} answered with what is no JSON`, { cause });
  }
  if (isSnapshot(body)) return body;
  throw new TopFailure(`${address.origin} answered with what is no snapshot: is it the admin port of a service?`);
}

async function replyOf(address: URL, token: string | undefined, signal: AbortSignal): Promise<Reply> {
  const requests = new HttpRequests({ url: address, shown: address.origin });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const waiting = new AbortController();
  // The request by itself does not keep the process.
  const patience = setTimeout(() => waiting.abort(new Error(`no answer within ${WAIT_MS / 1000} s`)), WAIT_MS);
  try {
    return await requests.send(
      { method: 'GET', headers, signal: AbortSignal.any([signal, waiting.signal]) },
      MAX_BYTES,
    );
  } catch (cause) {
    throw new TopFailure(
      `nothing answers at ${address.origin} (${reasonOf(cause)}): is the service running with observe({ admin: { port } })?`,
      { cause },
    );
  } finally {
    clearTimeout(patience);
    requests.close();
  }
}

function isSnapshot(body: unknown): body is Snapshot {
  return (
    typeof body === 'object' && body !== null && 'lights' in body && Array.isArray(body.lights) && 'routes' in body
  );
}

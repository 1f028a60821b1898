import { subscribe } from 'node:diagnostics_channel';
import type { Call } from '../core/call.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Calls } from './calls.js';
import { followDispatchers, isFollowed } from './dispatch.js';
import { injectIntoUndici, type UndiciRequest } from './injection.js';

const CALL = Symbol.for('fourlights.call');

interface Message {
  readonly request: UndiciRequest & { [CALL]?: { readonly call: Call; readonly calls: Calls } };
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

/** fetch and undici are reached through undici's public channels; a hop of a redirect and a retry are calls of their own. */
export function patchFetch(current: () => Calls | undefined): void {
  on('undici:request:create', (message) => {
    if (!isFollowed()) followDispatchers();
    const calls = current();
    if (calls !== undefined) create(calls, message);
  });
  on('undici:request:headers', ({ request, response }) => {
    const open = request[CALL];
    if (open !== undefined && response !== undefined) open.call.status = response.statusCode;
  });
  on('undici:request:trailers', ({ request }) => close(request[CALL], undefined));
  on('undici:request:error', ({ request, error }) => close(request[CALL], error ?? 'aborted'));
}

function create(calls: Calls, { request }: Message): void {
  const { scheme, authority } = partsOf(String(request.origin));
  const call = calls.open(request.method, scheme, authority, request.path, injectsItself(request));
  request[CALL] = { call, calls };
  for (const header of calls.headersFor(call)) injectIntoUndici(request, header);
}

/** Somebody else traces this call: its trace header is there before ours. */
function injectsItself({ headers }: UndiciRequest): boolean {
  return (
    Array.isArray(headers) && headers.some((text, i) => i % 2 === 0 && String(text).toLowerCase() === 'traceparent')
  );
}

function close(open: { readonly call: Call; readonly calls: Calls } | undefined, failure: unknown): void {
  if (open === undefined || open.call.ended) return;
  open.call.failure = failure;
  open.calls.close(open.call);
}

function partsOf(origin: string): { scheme: string; authority: string } {
  const colon = origin.indexOf('://');
  return colon === -1
    ? { scheme: 'http', authority: origin }
    : { scheme: origin.slice(0, colon), authority: origin.slice(colon + 3) };
}

/** A throw inside a channel's subscriber would become an uncaught exception of the host. */
function on(channel: string, listen: (message: Message) => void): void {
  subscribe(channel, (message) => {
    try {
      listen(message as Message); // undici's documented shape
    } catch (cause) {
      diagnostics.report('outgoing fetch', cause);
    }
  });
}

import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Call } from '../core/call.js';
import { diagnostics } from '../core/diagnostics.js';
import { http } from '../core/node-http.js';
import type { Calls } from './calls.js';
import { headerOf, injectIntoRequest } from './injection.js';

const CALL = Symbol.for('fourlights.call');
/** On a request that was served. */
const INJECTED = Symbol.for('fourlights.injected');
/** On the agents of the library's own requests. */
const OURS = Symbol.for('fourlights.ours');

interface Marks {
  [INJECTED]?: true;
  [CALL]?: Call;
  readonly agent?: object & { readonly [OURS]?: true };
  readonly res?: IncomingMessage;
}
type Outbound = ClientRequest & Marks;
type StoreHeader = (this: Outbound, firstLine: string, headers: unknown) => unknown;
type Emit = (this: Outbound, ...args: unknown[]) => boolean;
interface Internals {
  _storeHeader?: StoreHeader;
}

/**
 * `http` and `https` are reached through their public channel on Node 22 and later; Node 20 has no such channel, and no
 * version tells there of headers given as an array or of `Expect: 100-continue`, whose head is written in the
 * constructor. So the internal method that every head passes is wrapped as well, where it exists; a request is served
 * once, by whichever comes first. What becomes of it is told by its own events: no listener is added to any request.
 */
export function patchRequests(current: () => Calls | undefined): void {
  subscribe('http.client.request.created', (message) =>
    onCreated(current(), (message as { request: Outbound }).request),
  );
  const prototype: Outbound & Internals = http.ClientRequest.prototype as Outbound & Internals; // `_storeHeader` is internal
  const storeHeader = prototype._storeHeader;
  if (typeof storeHeader === 'function') {
    prototype._storeHeader = function (firstLine, headers) {
      return storeHeader.call(this, firstLine, onHead(current(), this, headers));
    };
  }
  const emit = prototype.emit as Emit;
  prototype.emit = function (this: Outbound, ...args: unknown[]): boolean {
    const call = this[CALL];
    if (call !== undefined && !call.ended) note(current(), call, this, args);
    return Reflect.apply(emit, this, args);
  } as typeof prototype.emit;
}

/** A throw inside a channel's subscriber would become an uncaught exception of the host. */
function onCreated(calls: Calls | undefined, request: Outbound): void {
  if (calls === undefined) return;
  try {
    if (isServed(request) || request.headersSent) return;
    const call = open(calls, request, request.getHeader('host'), request.hasHeader('traceparent'));
    for (const [name, value] of calls.headersFor(call)) {
      if (!request.hasHeader(name)) request.setHeader(name, value);
    }
  } catch (cause) {
    diagnostics.report('outgoing http request', cause);
  }
}

function onHead(calls: Calls | undefined, request: Outbound, headers: unknown): unknown {
  if (calls === undefined || isServed(request)) return headers;
  try {
    const traced = headerOf(request, headers, 'traceparent') !== undefined;
    const call = open(calls, request, headerOf(request, headers, 'host'), traced);
    let head = headers;
    for (const header of calls.headersFor(call)) head = injectIntoRequest(request, head, header);
    return head;
  } catch (cause) {
    diagnostics.report('outgoing http request', cause);
    return headers;
  }
}

function isServed({ [INJECTED]: served, agent }: Outbound): boolean {
  return served === true || agent?.[OURS] === true;
}

function open(calls: Calls, request: Outbound, hostHeader: unknown, traced: boolean): Call {
  request[INJECTED] = true;
  const scheme = request.protocol.slice(0, -1);
  const call = calls.open(request.method, scheme, authorityOf(request.host ?? '', hostHeader), request.path, traced);
  request[CALL] = call;
  return call;
}

/** With the port where the `Host` header has it, unless that names another host than the one that is called. */
function authorityOf(host: string, header: unknown): string {
  const named = typeof header === 'string' && header.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') === host;
  return named ? header : host;
}

function note(calls: Calls | undefined, call: Call, request: Outbound, args: unknown[]): void {
  switch (args[0]) {
    case 'response':
    case 'upgrade':
    case 'connect':
      call.status = (args[1] as IncomingMessage).statusCode ?? 0;
      break;
    case 'error':
      call.failure = args[1];
      break;
    case 'close':
      if (call.failure === undefined && isCutShort(call, request)) call.failure = 'aborted';
      calls?.close(call);
  }
}

/** Nobody answered, or the answer broke off; an upgraded connection has left HTTP and is not to be judged by it. */
function isCutShort(call: Call, { res }: Outbound): boolean {
  return call.status === 0 || (res !== undefined && !res.complete && call.status !== 101);
}

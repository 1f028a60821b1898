import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { store } from '../context/store.js';
import { diagnostics } from '../core/diagnostics.js';
import { slot } from '../core/slot.js';
import { followDispatchers, isFollowed } from './dispatch.js';
import { type Header, injectIntoRequest, injectIntoUndici, type UndiciRequest } from './injection.js';

/** What the process-wide patches ask: which headers an outgoing call to that host gets. None when it is `undefined`. */
export interface Outgoing {
  headersFor(origin: string): Header | undefined;
}

interface ClientDoor {
  outgoing: Outgoing | undefined;
}

export const clientDoor: ClientDoor = slot('http.client', () => ({ outgoing: undefined }));

const INJECTED = Symbol.for('fourlights.injected');

type Outbound = ClientRequest & { [INJECTED]?: true };
type StoreHeader = (this: Outbound, firstLine: string, headers: unknown) => unknown;
interface StoresHeader {
  _storeHeader?: StoreHeader;
}

/**
 * fetch and undici are reached through their public channel. `http` and `https` too on Node 22 and later; Node 20 has
 * no such channel, and no version tells there of headers given as an array or of `Expect: 100-continue`, whose head is
 * written in the constructor. So the internal method that every head passes is wrapped as well, where it exists; a
 * request is served once, by whichever comes first.
 */
export function patchClients(): void {
  slot('http.client.patched', () => {
    subscribe('undici:request:create', (message) => onUndici(message as { request: UndiciRequest }));
    subscribe('http.client.request.created', (message) => onCreated(message as { request: Outbound }));
    const prototype: StoresHeader = ClientRequest.prototype as unknown as StoresHeader; // internal, hence untyped
    const storeHeader = prototype._storeHeader;
    if (typeof storeHeader === 'function') {
      prototype._storeHeader = function (firstLine, headers) {
        return storeHeader.call(this, firstLine, onHead(this, headers));
      };
    }
    return true;
  });
}

function headerFor(origin: string): Header | undefined {
  return store.getStore() === undefined ? undefined : clientDoor.outgoing?.headersFor(origin);
}

function onUndici({ request }: { request: UndiciRequest }): void {
  try {
    if (!isFollowed()) followDispatchers();
    const header = headerFor(String(request.origin));
    if (header !== undefined) injectIntoUndici(request, header);
  } catch (cause) {
    diagnostics.report('outgoing fetch', cause);
  }
}

/** A throw inside a channel's subscriber would become an uncaught exception of the host. */
function onCreated({ request }: { request: Outbound }): void {
  try {
    if (request[INJECTED] === true || request.headersSent) return;
    const header = headerFor(request.host);
    if (header === undefined) return;
    if (!request.hasHeader(header[0])) request.setHeader(header[0], header[1]);
    request[INJECTED] = true;
  } catch (cause) {
    diagnostics.report('outgoing http request', cause);
  }
}

function onHead(request: Outbound, headers: unknown): unknown {
  if (request[INJECTED] === true) return headers;
  try {
    request[INJECTED] = true;
    const header = headerFor(request.host ?? '');
    return header === undefined ? headers : injectIntoRequest(request, headers, header);
  } catch (cause) {
    diagnostics.report('outgoing http request', cause);
    return headers;
  }
}

import { slot } from '../core/slot.js';
import type { Calls } from './calls.js';
import { patchFetch } from './client-fetch.js';
import { patchRequests } from './client-request.js';

/** What the process-wide patches serve. With nothing in `calls` they pass everything by. */
interface ClientDoor {
  calls: Calls | undefined;
}

export const clientDoor: ClientDoor = slot('http.client', () => ({ calls: undefined }));

/** Puts the patches in place, once per process; they stay. */
export function patchClients(): void {
  slot('http.client.patched', () => {
    const calls = (): Calls | undefined => clientDoor.calls;
    patchFetch(calls);
    patchRequests(calls);
    return true;
  });
}

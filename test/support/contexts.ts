import { Context, store } from '../../src/context/store.js';
import type { Exchange } from '../../src/core/exchange.js';

/** Runs `work` as the request of that ID. */
export function inRequest<T>(correlationId: string, work: () => T, exchange?: Exchange): T {
  const identity = { correlationId, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  return store.run(new Context(identity, exchange), work);
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange, Identity } from '../core/exchange.js';
import { slot } from '../core/slot.js';

/**
 * What travels with the work of one request or job. One class, every field set in the constructor, so that each
 * read on the hot path sees one shape.
 */
export class Context implements Identity {
  readonly correlationId: string;
  readonly traceId: string;
  readonly spanId: string;
  /** The request that this work belongs to; `undefined` for jobs and for requests that are ignored. */
  readonly exchange: Exchange | undefined;
  /** Log threshold for this request alone, as pino's number; 0 leaves it to the logger. */
  logLevel: number;
  /** The logger that last wrote here and its child with this context's IDs: kept by `logs/logger`. */
  logOwner: object | undefined = undefined;
  logChild: unknown = undefined;

  constructor(identity: Identity, exchange: Exchange | undefined, logLevel: number) {
    this.correlationId = identity.correlationId;
    this.traceId = identity.traceId;
    this.spanId = identity.spanId;
    this.exchange = exchange;
    this.logLevel = logLevel;
  }
}

/** The one AsyncLocalStorage of the process, shared by all copies of this package. */
export const store: AsyncLocalStorage<Context> = slot('context.store', () => new AsyncLocalStorage<Context>());

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange, Identity } from '../core/exchange.js';
import { slot } from '../core/slot.js';
import type { OtelContext } from './otel.js';

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
  /** OpenTelemetry's context at this place: its span is the parent of what starts here. */
  readonly otel: OtelContext | undefined;
  /** The context that this one was derived from first: the request's or the job's own. */
  readonly root: Context;
  /** Log threshold for this request or job alone, as pino's number; 0 leaves it to the logger. Kept on the root. */
  logLevel = 0;
  /** The logger that last wrote here and its child with this context's IDs: kept by `logs/logger`. */
  logOwner: object | undefined = undefined;
  logChild: unknown = undefined;
  /** Owned by `flags/request-view`: what this request or job sees of the flags. Kept on the root. */
  flags: unknown = undefined;

  constructor(identity: Identity, exchange: Exchange | undefined, otel?: OtelContext, parent?: Context) {
    this.correlationId = identity.correlationId;
    this.traceId = identity.traceId;
    this.spanId = identity.spanId;
    this.exchange = exchange;
    this.otel = otel;
    this.root = parent?.root ?? this;
  }
}

/** The one AsyncLocalStorage of the process, shared by all copies of this package. */
export const store: AsyncLocalStorage<Context> = slot('context.store', () => new AsyncLocalStorage<Context>());

/** Enters a context of the application's own OpenTelemetry, which keeps it in a manager of its own. */
type Enter = <A extends unknown[], R>(otel: OtelContext, fn: (...args: A) => R, self: unknown, ...args: A) => R;

/** Empty unless the application brought a context manager: ours keeps OpenTelemetry's context in the store itself. */
export const theirs: { enter: Enter | undefined } = slot('context.theirs', () => ({ enter: undefined }));

/** Runs `fn` in that context, in both worlds. */
export function runIn<A extends unknown[], R>(context: Context, fn: (...args: A) => R, ...args: A): R {
  const { otel } = context;
  return theirs.enter === undefined || otel === undefined
    ? store.run(context, fn, ...args)
    : store.run(context, theirs.enter<A, R>, otel, fn, undefined, ...args);
}

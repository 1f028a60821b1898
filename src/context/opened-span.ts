import type { Identity, ServerRequest } from '../core/exchange.js';
import type { OtelContext, OtelSpan } from './otel.js';
import type { RemoteSpan } from './traceparent.js';

/** A request that is about to enter, before its exchange is made. */
export interface Arrival {
  readonly request: ServerRequest;
  /** By its headers alone. */
  readonly identity: Identity;
  /** The span that its headers name. */
  readonly remote: RemoteSpan | undefined;
  readonly method: string;
  readonly path: string;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
}

/** The span that was opened for it: its IDs replace the ones that the headers gave. */
export interface OpenedSpan {
  readonly identity: Identity;
  /** `undefined` where somebody else's span of this request is in force. */
  readonly span: OtelSpan | undefined;
  readonly otel: OtelContext;
  /** The head has chosen its trace. */
  readonly sampled: boolean;
  /** When it began, epoch milliseconds. */
  readonly epochMs: number;
}

/** Must not throw. `undefined`: no span for this request. */
export type OpenSpan = (arrival: Arrival) => OpenedSpan | undefined;

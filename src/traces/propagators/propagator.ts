import type { HeaderBag } from '../../context/correlation.js';
import type { RemoteSpan } from '../../context/traceparent.js';
import type { Baggage } from './baggage.js';

/** What headers say when they name no span: nobody to be a child of, but not nothing either. */
export interface RemoteHint {
  /** The trace to go on with, from X-Ray's `Root` alone. Without it, only the decision came (`b3: 0`). */
  readonly traceId: string | undefined;
  readonly spanId: undefined;
  readonly flags: number;
  readonly undecided?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** `spanId` tells the two apart. */
export type Remote = RemoteSpan | RemoteHint;

/** The span that a call leaves from. Its IDs are legal: whoever made or extracted them has seen to it. */
export interface SpanIds extends RemoteSpan {
  readonly baggage?: Baggage | undefined;
}

/**
 * One format of trace headers. It holds no state and is called on every request and outgoing call.
 *
 * `extract` answers for any texts whatever, from a sender that is not trusted: it never throws, takes time linear in
 * the headers, and what it keeps is bounded. Headers that break the format are as good as absent.
 *
 * `inject` calls `set` once per header, with names in lower case and values that need no further checks. It trusts
 * `tracestate`, which must be one that was checked.
 */
export interface Propagator {
  /** As in `OTEL_PROPAGATORS`. */
  readonly name: string;
  /** Headers that it reads or writes, in lower case: what must not be left over from elsewhere when it injects. */
  readonly fields: readonly string[];
  extract(headers: HeaderBag): Remote | undefined;
  inject(span: SpanIds, set: (name: string, value: string) => void): void;
}

/** One outgoing HTTP request and what came of it. All times are monotonic milliseconds of `core/clock`. */
export class Call {
  readonly method: string;
  /** `http` or `https`. */
  readonly scheme: string;
  /** Host name or address, with the port where one was named: `users:3000`, `[::1]:80`. */
  readonly authority: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly startedMs: number;
  /** Somebody else has put trace headers on it already. */
  readonly traced: boolean;

  endedMs: number = Number.NaN;
  /** 0 when no head came. */
  status = 0;
  /** What went wrong: the error, or `aborted` when the call ended without a whole answer and without an error. */
  failure: unknown = undefined;
  ended = false;
  /** Owned by `traces/client-spans`. */
  span: unknown = undefined;
  /** Owned by `traces/client-spans`: when it began, epoch ms; NaN without a span. */
  epochMs: number = Number.NaN;

  constructor(method: string, scheme: string, authority: string, target: string, startedMs: number, traced = false) {
    this.method = method;
    this.scheme = scheme;
    this.authority = authority;
    this.target = target;
    this.startedMs = startedMs;
    this.traced = traced;
  }
}

/** Looks at every outgoing call, as an `Observer` looks at exchanges: `end` runs once, in reverse order of `start`. */
export interface CallObserver {
  readonly name: string;
  start?(call: Call): void;
  end?(call: Call): void;
}

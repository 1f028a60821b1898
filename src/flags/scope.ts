import type { EvaluationContext } from './evaluation.js';

/**
 * What rules see during one evaluation: three contexts, the nearest first, read where they are and never merged, as merging
 * allocates. One scope serves all evaluations that do not run within each other.
 */
export class Scope {
  call: EvaluationContext | undefined = undefined;
  request: EvaluationContext | undefined = undefined;
  global: EvaluationContext | undefined = undefined;
  /** Unix time in seconds, asked for by the few rules that read it. */
  readonly seconds: () => number;
  /** What `var` is relative to inside `map` and its kin. */
  item: unknown = undefined;
  /** Elements of lists that were looked at: lists within lists grow by powers. */
  visits = 0;
  /** A split found nobody to put in a bucket. */
  keyMissing = false;
  /** True while an evaluation uses it: a getter in a context may ask for another flag. */
  busy = false;

  constructor(seconds: () => number) {
    this.seconds = seconds;
  }

  clear(): void {
    this.call = undefined;
    this.request = undefined;
    this.global = undefined;
    this.item = undefined;
    this.busy = false;
  }
}

/** An own property or an element; `undefined` for all that is inherited, so that no rule reads `constructor.name`. */
export function ownValue(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value = (holder as Readonly<Record<string, unknown>>)[key];
  return value !== undefined && Object.hasOwn(holder, key) ? value : undefined;
}

/** The nearest context's attribute; one that is `undefined` is not there, one that is null is. */
export function attribute(scope: Scope, key: string): unknown {
  const { call, request, global } = scope;
  if (call !== undefined) {
    const value = call[key];
    if (value !== undefined && Object.hasOwn(call, key)) return value;
  }
  if (request !== undefined) {
    const value = request[key];
    if (value !== undefined && Object.hasOwn(request, key)) return value;
  }
  return global === undefined ? undefined : ownValue(global, key);
}

/** All attributes as one object, for the few rules that ask for the whole. */
export function wholeContext(scope: Scope, flagKey: string): Readonly<Record<string, unknown>> {
  const flagd = Object.freeze({ flagKey, timestamp: scope.seconds() });
  return { ...scope.global, ...scope.request, ...scope.call, $flagd: flagd };
}

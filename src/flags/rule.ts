import type { Scope } from './scope.js';

/** What `JSON.parse` gives. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A compiled rule. May throw: then the flag's answer is ERROR, GENERAL. */
export type Rule = (scope: Scope) => unknown;

/** One argument, compiled. */
export interface Part {
  /** Taken at load, never during a check: that of a fixed part is made when it is first asked for. */
  readonly run: Rule;
  /** What it always gives; `undefined` where that depends on the context. JSON has no `undefined`. */
  readonly fixed: unknown;
  /** The operator that makes it, and its arguments in order; a fixed part has neither. */
  readonly operator?: string | undefined;
  readonly args?: readonly (Part | undefined)[] | undefined;
}

/** What an operator may ask of the compiler, at load only. */
export interface Compiling {
  readonly flagKey: string;
  /** JSON path of this operator's arguments. */
  readonly path: string;
  /** True inside `map` and its kin, where `var` is relative to the element. */
  readonly withinItem: boolean;
  /** Set while a check is explained: what to call with a bucket once it is chosen. */
  readonly trace: ((step: TraceStep) => void) | undefined;
  /** The argument at `at`, compiled once however often it is asked for: else nested rules would take exponential time. */
  part(at: number): Part;
  /** All arguments, each as `part` gives it. */
  parts(): Part[];
  /** As `part`, for what runs once per element. */
  itemPart(at: number): Part;
  /** Says of a rule that it is legal and most likely wrong. */
  warn(message: string, at?: number): void;
}

/** Makes a rule of arguments, or throws `RuleFault`. */
export type Operator = (args: readonly Json[], compiling: Compiling) => Rule;

/** One operator's answer while a check was explained, or the bucket that a split chose. */
export interface TraceStep {
  /** JSON path in the flag: `targeting.if[0].==`. */
  readonly path: string;
  readonly operator: string;
  readonly result: unknown;
  readonly bucket?: Bucket | undefined;
}

export interface Bucket {
  /** What was hashed. */
  readonly by: string;
  readonly hash: number;
  /** Where the hash falls, 0 to `of` - 1. */
  readonly bucket: number;
  /** Sum of all weights. */
  readonly of: number;
  readonly variant: string | number | boolean | null;
}

/** Why a rule cannot be compiled: where, what stands there, and what to write instead. */
export class RuleFault extends Error {
  override readonly name = 'RuleFault';
  readonly path: string;
  readonly value: unknown;
  readonly fix: string;

  constructor(path: string, value: unknown, problem: string, fix: string) {
    super(problem);
    this.path = path;
    this.value = value;
    this.fix = fix;
  }
}

/** Empty text, list and object are false here, `"0"` is true: as flagd has it. */
export function truthy(value: unknown): boolean {
  if (!value) return false;
  if (typeof value !== 'object') return true;
  return Array.isArray(value) ? value.length > 0 : !isEmptyPlain(value);
}

function isEmptyPlain(value: object): boolean {
  if (Object.keys(value).length > 0) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

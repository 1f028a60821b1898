import type { EvaluationContext } from '../flags/evaluation.js';
import type { Source } from '../flags/source.js';

/** Where flags come from, and what all checks are given. */
export interface FlagOptions {
  /**
   * Where documents come from, in order of priority: the first that has a good one serves. A path, `http(s)://` (polled),
   * `sse+http(s)://` (a stream), `env`, or a source of your own or of an adapter. `FOURLIGHTS_FLAGS_OFF=a,b` switches off
   * whatever they say. @default `FOURLIGHTS_FLAGS_SOURCE`, none
   */
  readonly source?: string | Source | readonly (string | Source)[] | undefined;
  /** A file that keeps the last good document for a start while the source is down. @default `FOURLIGHTS_FLAGS_BACKUP`, none */
  readonly backup?: string | undefined;
  /** Attributes for every check, such as a region. A function is asked once per request. @default none */
  readonly context?: EvaluationContext | (() => EvaluationContext | undefined) | undefined;
  /** A document without flags, or without half of those that are known, is believed. @default false */
  readonly allowMassRemoval?: boolean | undefined;
  /** Who cannot be placed in a split gets the fallback and an error, not the default variant. @default false */
  readonly strict?: boolean | undefined;
}

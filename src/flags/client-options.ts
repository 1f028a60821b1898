import type { Exchange } from '../core/exchange.js';
import type { EvaluationContext } from './evaluation.js';
import type { EventSink } from './exposure.js';
import type { FlagsStatus } from './service.js';
import type { Source } from './source.js';
import type { SourceState } from './sources/freshness.js';

export interface FlagClientOptions {
  /** In order of priority: the first that has a good document serves it. */
  readonly sources?: readonly Source[] | undefined;
  /** Attributes that hold for every check, such as a region. A function is asked once per request. */
  readonly context?: EvaluationContext | (() => EvaluationContext | undefined) | undefined;
  /** Whom a request is for; asked at its first check. */
  readonly request?: ((exchange: Exchange) => EvaluationContext | undefined) | undefined;
  /** Takes `feature_flag.evaluation` events; left out, none are made. */
  readonly events?: EventSink | undefined;
  /** A document without flags, or without half of those that are known, is believed. @default false */
  readonly allowMassRemoval?: boolean | undefined;
  /** Who cannot be placed in a split gets an error with the fallback, not the default variant. @default false */
  readonly strict?: boolean | undefined;
  /** Hears of every document that is taken over: to keep it on disk, for one. */
  readonly applied?: ((text: string, source: Source) => void) | undefined;
}

/** Where the flags in force come from, and how fresh each source is. */
export interface FlagsHealth {
  readonly status: FlagsStatus;
  /** Name of the source whose document serves, or `none`. */
  readonly source: string;
  /** Flags of it that were rejected. */
  readonly rejected: number;
  readonly sources: readonly SourceState[];
}

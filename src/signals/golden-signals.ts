import type { Saturation } from '../core/saturation.js';

/** Seconds. Percentiles are `null` below 20 samples: fewer say nothing. */
export interface Latency {
  /** Samples behind these figures. */
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Exchanges that failed: a 5xx, a throw, a rejection or a timeout. What a client gave up is counted apart. */
export interface Errors {
  /** Errors per exchange that was not aborted, 0 to 1; `null` where there was none. */
  readonly ratio: number | null;
  readonly count: number;
  /** By status code of a 5xx, by the error's name, or `timeout`. */
  readonly byType: Readonly<Record<string, number>>;
  /** Requests whose client went away: no success and no error. */
  readonly aborted: { readonly beforeHeaders: number; readonly midResponse: number };
}

/** One method of one route over the window. */
export interface RouteSignals {
  readonly method: string;
  /** The template, or `_unmatched`, or `_other` beyond the cap of 200. */
  readonly route: string;
  readonly latency: Latency;
  /** Time to the first byte of responses that streamed: whose last byte left more than 10 ms after the first. */
  readonly firstByte: Latency;
  readonly traffic: { readonly requestsPerSecond: number; readonly total: number };
  readonly errors: Errors;
}

/** What this process depends on: a database, a service, a cache, a queue. */
export interface DependencySignals {
  /** Of calls that ended with an answer or an error; those given up by us are apart. */
  readonly latency: Latency;
  /** `requestsPerSecond`: all that ended in the window; `total`: since the start. */
  readonly traffic: { readonly requestsPerSecond: number; readonly total: number };
  readonly errors: {
    /** Errors per call that was not given up, 0 to 1; `null` where there was none. */
    readonly ratio: number | null;
    readonly count: number;
    /** By the error's code or name, or the status of a 5xx. */
    readonly byType: Readonly<Record<string, number>>;
    /** Calls that this process gave up (`AbortError`): no success and no error. */
    readonly aborted: number;
  };
  readonly inFlight: number;
  /** Of a cache: hits per look-up, 0 to 1; `null` where there was none. */
  readonly hitRatio?: number | null;
  /** Of a queue: entries that wait; `null` while that is not known. */
  readonly depth?: number | null;
  /** Of a queue that can tell; `null` while that is not known. */
  readonly oldestAgeSeconds?: number | null;
}

/** The requests that were shown one variant of a flag, over the last minute. */
export interface VariantSignals {
  readonly latency: Latency;
  readonly errors: Errors;
  /** Requests that were shown it and have ended, aborted ones too. */
  readonly exposures: number;
  /** The same since the start. */
  readonly total: number;
}

/** An objective, and what is left of its error budget. */
export interface ObjectiveSignals {
  readonly name: string;
  /** Share of requests that shall be good, 0 to 1. */
  readonly objective: number;
  readonly periodSeconds: number;
  /** The time that is really known: at most the period, less when the process is younger. */
  readonly coveredSeconds: number;
  readonly total: number;
  readonly bad: number;
  /** Share of the budget of what was counted that is left: 1 all of it, 0 none, below 0 overdrawn; `null` where nothing was counted. */
  readonly budgetLeft: number | null;
}

/** The four golden signals of this process, as plain data. Times in seconds, ratios 0 to 1, `null` where there is too little to say. */
export interface GoldenSignals {
  /** The time really covered: at most the window asked for, less when the process is younger. */
  readonly windowSeconds: number;
  /** Of exchanges that ended with an answer or an error; aborted ones are apart. Timed to the last byte. */
  readonly latency: Latency;
  /** Of responses that streamed, and of no others: see `RouteSignals`. */
  readonly firstByte: Latency;
  /** `requestsPerSecond` counts all that ended in the window, aborted ones too; `total` counts them since the start. */
  readonly traffic: { readonly requestsPerSecond: number; readonly inFlight: number; readonly total: number };
  readonly errors: Errors;
  readonly saturation: Saturation;
  /** Busiest first. Routes without an exchange in the window are left out. */
  readonly routes: readonly RouteSignals[];
  /** By name: what was declared, and each peer that was called in the window. */
  readonly dependencies: Readonly<Record<string, DependencySignals>>;
  /** By flag, then by variant: the requests that were shown it. */
  readonly variants: Readonly<Record<string, Readonly<Record<string, VariantSignals>>>>;
  readonly objectives: readonly ObjectiveSignals[];
}

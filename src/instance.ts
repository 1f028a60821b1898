import type { AlertState } from './alerts/alert-state.js';
import type { Finding } from './alerts/lint/finding.js';
import type { SinkCounts } from './alerts/notify/notifier.js';
import { type ContextTools, contextTools } from './context/carrier.js';
import { DEFAULT_HEADERS } from './context/correlation.js';
import type { OtelSpan, OtelSpanOptions } from './context/otel.js';
import { systemClock } from './core/clock.js';
import { slot } from './core/slot.js';
import type { FlagClient } from './flags/client.js';
import { type LifecycleTools, processLifecycle } from './lifecycle/lifecycle.js';
import type { Log } from './logs/logger.js';
import type { Admin } from './parts/admin.js';
import { flagClient } from './parts/flags.js';
import type { GuardState } from './rollouts/guard-state.js';
import { Signals, type SignalsReader } from './signals/signals.js';
import type { KeptTrace } from './traces/kept.js';
import { runInSpan } from './traces/span.js';
import type { SpanLedger } from './traces/span-accounts.js';
import type { Tracing } from './traces/tracing.js';

/** What `observe()` returns: the same parts that the package exports by name. */
export interface Observability {
  readonly log: Log;
  readonly flags: Flags;
  readonly signals: SignalsReader;
  readonly context: ContextTools;
  readonly correlationId: () => string | undefined;
  readonly span: typeof span;
  readonly traces: TracesReader;
  readonly alerts: AlertsReader;
  readonly rollouts: RolloutsReader;
  /** For operators: `admin.handler` to mount in a server of your own, `admin.port` where one was asked for. */
  readonly admin: Admin;
  /** What the library could not keep since the process began, by signal and reason. */
  readonly drops: () => Record<string, Record<string, number>>;
  readonly shutdown: (options?: ShutdownOptions) => Promise<ShutdownReport>;
}

/** Feature flags: synchronous, typed, never throwing. Before `observe()` every check is its fallback. */
export type Flags = Omit<FlagClient, 'start' | 'stop' | 'observer'>;

/**
 * The flags of this process: `flags.boolean(key, fallback, context?)`. Synchronous, never throws; a fallback until a source serves.
 */
export const flags: Flags = flagClient;

/** The life of this process, as orchestrators see it: readiness, checks, drain. Works before `observe()`. */
export const lifecycle: LifecycleTools = processLifecycle;

/** How the alerts of this process stand. */
export interface AlertsReader {
  states(): readonly AlertState[];
  /** What became of the messages, by sink. */
  deliveries(): readonly SinkCounts[];
  /** What the lint has said of rules and objectives that were given. */
  findings(): readonly Finding[];
}

/** The guarded rollouts of this process. */
export interface RolloutsReader {
  states(): readonly GuardState[];
  /** Ops flags that are off under load, by resource. */
  shed(): Readonly<Record<string, readonly string[]>>;
  /** Lets a flag that was taken back begin at its first stage again. False: no such flag is guarded. */
  rearm(flag: string, reason?: string): boolean;
}

/** The traces of this process. Empty while traces are off, or made by a provider of the application's own. */
export interface TracesReader {
  /** The last kept traces with their log lines, newest first: 500 that failed, 300 slow ones, 200 others; at most 10,000 spans. */
  kept(): readonly KeptTrace[];
  /** Finished spans: `ended = delivered + dropped + queued` at any time. */
  ledger(): SpanLedger;
  /** Sends what has ended so far; resolves when that is done or the time is up. @default 2000 ms */
  flush(withinMs?: number): Promise<void>;
}

/** For one call of `shutdown()`. */
export interface ShutdownOptions {
  /** Time that stopping may take, ms. @default `shutdownTimeoutMs` of `observe()`, 2000 */
  readonly timeoutMs?: number | undefined;
}

/** What became of all spans and lines when the library stopped; `durationMs` is what stopping took. */
export interface ShutdownReport {
  readonly durationMs: number;
  readonly spans: Omit<SpanLedger, 'queued'>;
  readonly logs: { readonly written: number; readonly dropped: number };
  /** Parts that failed or did not stop in time, with the reason. Empty when all went well. */
  readonly failures: readonly string[];
}

export interface Running {
  readonly observability: Observability;
  readonly headers: readonly [string, ...string[]];
  readonly tracing: Tracing | undefined;
  stop(timeoutMs: number | undefined): Promise<ShutdownReport>;
}

/** The process's one instance, whichever copy of the package made it. */
export const instance: { running: Running | undefined } = slot('instance', () => ({ running: undefined }));

export const NO_SPANS: SpanLedger = { ended: 0, delivered: 0, dropped: {}, queued: 0 };

/** Carries the context of a request or job over what Node cannot follow. Works before `observe()`. */
export const context: ContextTools = contextTools(() => {
  const { headers = DEFAULT_HEADERS, tracing: traces } = instance.running ?? {};
  return { headers, traces };
});

const idle = new Signals(systemClock, () => ({ worst: null, ratio: null, resources: {} }));

/** The golden signals of this process; empty before `observe()`. */
export const signals: SignalsReader = {
  snapshot: (options) => (instance.running?.observability.signals ?? idle).snapshot(options),
  routes: (options) => (instance.running?.observability.signals ?? idle).routes(options),
};

type Work<T> = (span: OtelSpan) => T;

/**
 * Runs `work` in a span of that name, sync or async; the span ends when the result is there. An error is recorded on the
 * span and thrown on. Log lines written inside carry the span's ID. While traces are off, `work` just runs.
 */
export function span<T>(name: string, work: Work<T>): T;
export function span<T>(name: string, options: OtelSpanOptions, work: Work<T>): T;
export function span<T>(name: string, options: OtelSpanOptions | Work<T>, work?: Work<T>): T {
  const tools = instance.running?.tracing?.tools;
  if (typeof options === 'function') return runInSpan(tools, name, {}, options);
  if (work === undefined) throw new TypeError(`span("${name}"): expected a function as its last argument`);
  return runInSpan(tools, name, options, work);
}

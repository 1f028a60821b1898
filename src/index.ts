export type { AlertState } from './alerts/alert-state.js';
export { alert, slo } from './alerts/declared.js';
export type { Finding } from './alerts/lint/finding.js';
export type { SinkCounts } from './alerts/notify/notifier.js';
export type { Objective } from './alerts/objective.js';
export type { AlertRule, Severity } from './alerts/rule.js';
export type { Alert, AlertSink } from './alerts/sinks/alert.js';
export type { SinkSource } from './alerts/sinks/sinks.js';
export type { AlertOptions } from './config/alert-options.js';
export { ConfigError } from './config/config-error.js';
export type { FlagOptions } from './config/flag-options.js';
export type { AdminOptions, MetricsOptions } from './config/metric-options.js';
export type { HttpOptions, LogOptions, ObserveOptions, SaturationOptions } from './config/options.js';
export type { RolloutOptions } from './config/rollout-options.js';
export type { KeepOptions, TraceOptions } from './config/trace-options.js';
export { type Carrier, type ContextTools, type ContextValues, correlationId } from './context/carrier.js';
export type { ServerRequest } from './core/exchange.js';
export type { Reading, Saturation } from './core/saturation.js';
export type { FlagChange, FlagState } from './flags/changes.js';
export { flagTypes } from './flags/declaration.js';
export type { Evaluation, EvaluationContext } from './flags/evaluation.js';
export type { Explanation } from './flags/explanation.js';
export type { FlagTypes } from './flags/flag-types.js';
export type { EvaluatingSource, Source, SourceSink } from './flags/source.js';
export { flagSources } from './flags/sources/sources.js';
export type { PropagateTo } from './http/hosts.js';
export type { RouteNamer } from './http/route.js';
export {
  type AlertsReader,
  context,
  type Flags,
  flags,
  lifecycle,
  type Observability,
  type RolloutsReader,
  type ShutdownOptions,
  type ShutdownReport,
  signals,
  span,
  type TracesReader,
} from './instance.js';
export type { CheckOptions } from './lifecycle/check.js';
export type { Draining, DrainOptions, LifecycleTools } from './lifecycle/lifecycle.js';
export type { AccessLogOptions } from './logs/access-log.js';
export type { LevelName, Threshold } from './logs/levels.js';
export type { Log } from './logs/logger.js';
export { observe, shutdown } from './observe.js';
export type { Admin } from './parts/admin.js';
export { log } from './parts/log.js';
export { guard } from './rollouts/declared.js';
export type { GradientOptions } from './rollouts/gradient-limit.js';
export type { RolloutEvent } from './rollouts/guard-event.js';
export type { GuardPlan } from './rollouts/guard-plan.js';
export type { GuardState } from './rollouts/guard-state.js';
export type { RolloutStore } from './rollouts/stores/store.js';
export type { Writer as RolloutWriter } from './rollouts/writers/writer.js';
export { writers as rolloutWriters } from './rollouts/writers/writers.js';
export { type PoolHandle, pool } from './saturation/pools/registry.js';
export type { Probe } from './saturation/probe.js';
export { counter, gauge, timer } from './signals/business.js';
export { MetricError } from './signals/business-declaration.js';
export { cache, dependency, queue } from './signals/dependencies.js';
export type {
  DependencySignals,
  Errors,
  GoldenSignals,
  Latency,
  RouteSignals,
} from './signals/golden-signals.js';
export type { SignalsReader, SnapshotOptions } from './signals/signals.js';
export type { SpanExporterLike } from './traces/exporters/span-exporter.js';
export type { KeptTrace } from './traces/kept.js';
export type { Trust, TrustPolicy } from './traces/server-spans.js';
export type { SpanLedger } from './traces/span-accounts.js';

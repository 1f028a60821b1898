export { ConfigError } from './config/config-error.js';
export type { HttpOptions, LogOptions, ObserveOptions, SaturationOptions } from './config/options.js';
export { type Carrier, type ContextTools, type ContextValues, correlationId } from './context/carrier.js';
export type { ServerRequest } from './core/exchange.js';
export type { Reading, Saturation } from './core/saturation.js';
export type { PropagateTo } from './http/hosts.js';
export type { RouteNamer } from './http/route.js';
export type { AccessLogOptions } from './logs/access-log.js';
export type { LevelName, Threshold } from './logs/levels.js';
export type { Log } from './logs/logger.js';
export {
  context,
  log,
  type Observability,
  observe,
  type ShutdownOptions,
  type ShutdownReport,
  shutdown,
  signals,
} from './observe.js';
export type { Probe } from './saturation/probe.js';
export type {
  Errors,
  GoldenSignals,
  Latency,
  RouteSignals,
} from './signals/golden-signals.js';
export type { SignalsReader, SnapshotOptions } from './signals/signals.js';

import type { Writable } from 'node:stream';
import type { AlertRule } from '../alerts/rule.js';
import type { ServerRequest } from '../core/exchange.js';
import type { PropagateTo } from '../http/hosts.js';
import type { RouteNamer } from '../http/route.js';
import type { AccessLogOptions } from '../logs/access-log.js';
import type { Threshold } from '../logs/levels.js';
import type { GradientOptions } from '../rollouts/gradient-limit.js';
import type { Probe } from '../saturation/probe.js';
import type { ProbeName } from '../saturation/probes.js';
import type { TrustPolicy } from '../traces/server-spans.js';
import type { AlertOptions } from './alert-options.js';
import type { FlagOptions } from './flag-options.js';
import type { AdminOptions, MetricsOptions } from './metric-options.js';
import type { RolloutOptions } from './rollout-options.js';
import type { TraceOptions } from './trace-options.js';

/** Code wins over environment, environment over default. An unknown key or a wrong value throws a `ConfigError`. */
export interface ObserveOptions {
  /** The service's name, in every line, span and metric. @default `OTEL_SERVICE_NAME`, `service.name` of `OTEL_RESOURCE_ATTRIBUTES`, the name in the nearest package.json */
  readonly service?: string | undefined;
  /** By it releases are told apart. @default `service.version` of `OTEL_RESOURCE_ATTRIBUTES`, the version in the nearest package.json */
  readonly version?: string | undefined;
  /** Where it runs. @default `deployment.environment.name` of `OTEL_RESOURCE_ATTRIBUTES`, `NODE_ENV`, `development` */
  readonly environment?: string | undefined;
  /** Requests: which enter, under which ID and route, and where our headers go. */
  readonly http?: HttpOptions | undefined;
  /** JSON lines, and the access log. */
  readonly log?: LogOptions | undefined;
  /** Spans. Given as an object, even an empty one, it turns them on; false, or `OTEL_SDK_DISABLED=true`, turns them off. */
  readonly traces?: false | TraceOptions | undefined;
  /** What `/metrics` and OTLP have beside our own series. */
  readonly metrics?: MetricsOptions | undefined;
  /** Feature flags. */
  readonly flags?: FlagOptions | undefined;
  /** Alert rules and where they are told. A list is a list of rules. */
  readonly alerts?: readonly AlertRule[] | AlertOptions | undefined;
  /** Guarded rollouts of flags. */
  readonly rollouts?: RolloutOptions | undefined;
  /** How full each resource is. */
  readonly saturation?: SaturationOptions | undefined;
  /** The surface for operators: status page, `/metrics`, `/livez`, `/readyz`, `/verdict`. No port unless asked for. */
  readonly admin?: AdminOptions | undefined;
  /** Time that `shutdown()` may take, ms. @default 2000 */
  readonly shutdownTimeoutMs?: number | undefined;
}

/** How requests enter, where IDs come from and go to, and what is refused. */
export interface HttpOptions {
  /** Requests of every http, https and http2 server of the process enter by themselves; false leaves it to a middleware. @default true */
  readonly auto?: boolean | undefined;
  /** Requests without a record: paths (`/livez`), prefixes (`/assets/*`), or a function. They get a context and an ID all the same. @default `FOURLIGHTS_IGNORE`, none */
  readonly ignore?: readonly string[] | ((request: ServerRequest) => boolean) | undefined;
  /** Where an ID may come from; the first is also sent on. @default `FOURLIGHTS_CORRELATION_HEADERS`, `['x-correlation-id', 'x-request-id']` */
  readonly correlationHeaders?: readonly string[] | undefined;
  /** Hosts that get our headers. @default `FOURLIGHTS_PROPAGATE_TO`, loopback and private addresses and names */
  readonly propagateTo?: PropagateTo | undefined;
  /** Route template of a request that no framework names: plain `http` servers. Must come from a small closed set. @default none: such requests are `_unmatched` */
  readonly route?: RouteNamer | undefined;
  /**
   * What a client's trace headers are worth: `continue` its trace but sample by our own ratio, begin a new one that is
   * linked to it (`link`), or follow its sampling as well (`full`); or a function of the request. @default `continue`
   */
  readonly trust?: TrustPolicy | undefined;
  /** Whom a request is for, so that flag checks need not say it: a user, a tenant. Asked at the request's first check. @default none */
  readonly targetingKey?: ((request: ServerRequest) => string | undefined) | undefined;
  /** `goldenSignals()` answers 503 to unsafe methods while the flag `read_only` is on, or shed under load. @default false */
  readonly readOnly?: boolean | undefined;
  /**
   * `goldenSignals()` answers 503 to what is more than the service does well at a time: a limit that follows latency.
   * @default false
   */
  readonly limit?: boolean | GradientOptions | undefined;
}

/** Where log lines go, which of them, and what is redacted. */
export interface LogOptions {
  /** The least level that is written. @default `LOG_LEVEL`, `info` */
  readonly level?: Threshold | undefined;
  /** Where lines go. @default `FOURLIGHTS_LOG_DESTINATION`, standard output */
  readonly destination?: string | number | Writable | undefined;
  /** One line `http_request` per exchange; `sample` and `ignore` concern good ones alone. @default `FOURLIGHTS_ACCESS_LOG`, true */
  readonly accessLog?: boolean | AccessLogOptions | undefined;
  /** Names of further fields to redact, at any depth. Authorization, cookies, passwords, tokens and keys always are. @default none */
  readonly redact?: readonly string[] | undefined;
}

/** Which resources are sampled, and how often. */
export interface SaturationOptions {
  /** Built-in probes by name, or probes of your own. @default all built-in ones */
  readonly probes?: readonly (ProbeName | Probe)[] | undefined;
  /** Time between two samples, ms. @default 1000 */
  readonly intervalMs?: number | undefined;
}

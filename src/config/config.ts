import type { AlertRule } from '../alerts/rule.js';
import { type CorrelationHeaders, DEFAULT_HEADERS } from '../context/correlation.js';
import { messageOf } from '../core/diagnostics.js';
import type { AccessLogOptions } from '../logs/access-log.js';
import { numberOf } from '../logs/levels.js';
import type { Origin } from '../logs/pino.js';
import type { GradientOptions } from '../rollouts/gradient-limit.js';
import { type ProbeName, probes } from '../saturation/probes.js';
import type { AlertOptions } from './alert-options.js';
import { alertsConfig } from './alerts.js';
import { ConfigError, check } from './config-error.js';
import { fromEnvironment, given, instanceOf, nearestPackage } from './environment.js';
import { type FlagsConfig, flagsConfig } from './flags.js';
import type { AdminOptions } from './metric-options.js';
import { type MetricsConfig, metricsConfig } from './metrics.js';
import type { HttpOptions, LogOptions, ObserveOptions, SaturationOptions } from './options.js';
import type { RolloutOptions } from './rollout-options.js';
import { rolloutsConfig } from './rollouts.js';
import { schema } from './rules.js';
import { type TracesConfig, tracesConfig } from './traces.js';

/** The options as they are in force: nothing left to decide. */
export interface Config {
  readonly origin: Origin;
  /** Tells the processes of one service apart: `service.instance.id` on spans and metrics. */
  readonly instance: string;
  readonly http: {
    readonly auto: boolean;
    readonly ignore: NonNullable<HttpOptions['ignore']>;
    readonly correlationHeaders: CorrelationHeaders;
    readonly propagateTo: HttpOptions['propagateTo'];
    readonly route: HttpOptions['route'];
    readonly trust: NonNullable<HttpOptions['trust']>;
    readonly targetingKey: HttpOptions['targetingKey'];
    readonly readOnly: boolean;
    /** `undefined`: nothing is refused for load. */
    readonly limit: GradientOptions | undefined;
  };
  readonly log: {
    readonly threshold: number;
    readonly destination: NonNullable<LogOptions['destination']>;
    readonly accessLog: AccessLogOptions | undefined;
    readonly redact: readonly string[];
  };
  readonly traces: TracesConfig | undefined;
  readonly metrics: MetricsConfig;
  readonly flags: FlagsConfig;
  readonly alerts: AlertOptions;
  readonly rollouts: RolloutOptions;
  readonly admin: AdminOptions & { readonly host: string };
  readonly saturation: Required<{ [K in keyof SaturationOptions]: NonNullable<SaturationOptions[K]> }>;
  readonly shutdownTimeoutMs: number;
}

const STDOUT = 1;

/** Throws `ConfigError` for wrong options, and nothing else; wrong variables are told and passed over. The config is frozen. */
export function resolve(options: ObserveOptions, env: NodeJS.ProcessEnv): Config {
  try {
    return settled(options, env);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError([`options cannot be read: ${messageOf(cause)}`], { cause }); // a getter or a proxy of theirs
  }
}

function settled(asGiven: ObserveOptions, env: NodeJS.ProcessEnv): Config {
  const options = withRules(asGiven);
  check(options, schema);
  const outside = fromEnvironment(env);
  const http = { ...outside.http, ...given(options.http) };
  const log = { ...outside.log, ...given(options.log) };
  const admin: AdminOptions = { ...outside.admin, ...given(options.admin) };
  return Object.freeze({
    origin: Object.freeze(originOf(options, outside)),
    instance: instanceOf(env),
    http: Object.freeze({
      auto: http.auto ?? true,
      ignore: http.ignore ?? [],
      correlationHeaders: lowerCased(http.correlationHeaders) ?? DEFAULT_HEADERS,
      propagateTo: http.propagateTo,
      route: http.route,
      trust: http.trust ?? 'continue',
      targetingKey: http.targetingKey,
      readOnly: http.readOnly ?? false,
      limit: http.limit === true ? {} : http.limit || undefined,
    }),
    log: Object.freeze({
      threshold: numberOf(log.level ?? 'info'),
      destination: log.destination ?? STDOUT,
      accessLog: accessLogOf(log.accessLog),
      redact: log.redact ?? [],
    }),
    traces: tracesConfig(options.traces, env),
    metrics: metricsConfig(options.metrics ?? {}, env),
    flags: flagsConfig({ ...outside.flags, ...given(options.flags) }),
    alerts: alertsConfig(options.alerts),
    rollouts: rolloutsConfig(options.rollouts),
    admin: Object.freeze({ ...admin, host: admin.host ?? '127.0.0.1' }),
    saturation: Object.freeze({
      probes: options.saturation?.probes ?? (Object.keys(probes) as ProbeName[]),
      intervalMs: options.saturation?.intervalMs ?? 1000,
    }),
    shutdownTimeoutMs: options.shutdownTimeoutMs ?? 2000,
  });
}

type Plain = Omit<ObserveOptions, 'alerts'> & { readonly alerts?: AlertOptions | undefined };

/** A list of rules is short for the rules of an object. */
function withRules(options: ObserveOptions): Plain {
  const alerts: ObserveOptions['alerts'] = options?.alerts;
  if (isList(alerts)) return { ...options, alerts: { rules: alerts } };
  return options as Plain; // it is no list
}

function isList(value: ObserveOptions['alerts']): value is readonly AlertRule[] {
  return Array.isArray(value);
}

/** Who this process is, by the options, the environment and the nearest package.json. */
export function originOf(options: ObserveOptions, outside: ObserveOptions): Origin {
  const self = nearestPackage(process.argv[1]);
  return {
    service: options.service ?? outside.service ?? self.name ?? 'unknown_service:node',
    version: options.version ?? outside.version ?? self.version ?? 'unknown',
    environment: options.environment ?? outside.environment ?? 'development',
  };
}

function lowerCased(names: readonly string[] | undefined): CorrelationHeaders | undefined {
  const [first, ...rest] = names?.map((name) => name.toLowerCase()) ?? [];
  return first === undefined ? undefined : [first, ...rest];
}

function accessLogOf(option: boolean | AccessLogOptions | undefined): AccessLogOptions | undefined {
  if (option === false) return undefined;
  return option === true || option === undefined ? {} : option;
}

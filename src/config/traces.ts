import { systemClock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import type { SpanSender } from '../traces/export/span-sender.js';
import { type Environment, oneOf, text } from '../traces/exporters/environment.js';
import { exporter, exporterNameFrom } from '../traces/exporters/exporters.js';
import { queueSettings } from '../traces/exporters/settings.js';
import { fromSpanExporter } from '../traces/exporters/span-exporter.js';
import type { KeepRules } from '../traces/keep.js';
import { isPropagatorName } from '../traces/propagators/propagators.js';
import type { TracingOptions } from '../traces/spans.js';
import { ConfigError } from './config-error.js';
import type { TraceOptions } from './trace-options.js';

/** What is decided about traces before anything is started. */
export interface TracesConfig
  extends Pick<TracingOptions, 'ratio' | 'keep' | 'propagators' | 'instrumentations' | 'ids' | 'sender' | 'queue'> {
  /** False: only a provider that the application has registered is used. */
  readonly starts: boolean;
  /** Slow is what is slower than the route's own live p95. */
  readonly byRoute: boolean;
}

/** `undefined`: off. Throws `ConfigError` for settings that are wrong. */
export function tracesConfig(given: false | TraceOptions | undefined, env: Environment): TracesConfig | undefined {
  if (given === false || text(env, 'OTEL_SDK_DISABLED')?.value.toLowerCase() === 'true') return undefined;
  const options = given ?? {};
  const name = exporterName(options, env);
  const starts = given !== undefined || name !== 'none';
  return {
    starts,
    ratio: options.ratio ?? ratioFrom(env),
    keep: keepRules(options),
    byRoute: options.keep !== false && (options.keep?.slowerThan ?? 'p95') === 'p95',
    propagators: options.propagators ?? propagatorsFrom(env),
    instrumentations: options.instrumentations ?? [],
    ids: options.ids ?? (name === 'xray' ? 'xray' : 'random'),
    sender: starts ? senderOf(name, options, env) : undefined,
    queue: queueSettings(env),
  };
}

type Name = string | Exclude<TraceOptions['exporter'], string | undefined>;

function exporterName({ exporter: given, endpoint }: TraceOptions, env: Environment): Name {
  if (given !== undefined) return given;
  const addressed = endpoint ?? text(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  return exporterNameFrom(env) ?? (addressed === undefined ? 'none' : 'otlp');
}

function senderOf(name: Name, options: TraceOptions, env: Environment): SpanSender | undefined {
  if (typeof name !== 'string') return fromSpanExporter(name);
  return checked(() => exporter(name, { options, env, clock: systemClock }));
}

/** The exporters' own errors say what is wrong and how to mend it. */
function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ConfigError([`traces: ${messageOf(cause)}`]);
  }
}

function keepRules({ keep }: TraceOptions): KeepRules | undefined {
  if (keep === false) return undefined;
  const { errors = true, slowerThan = 'p95' } = keep ?? {};
  return { errors, slowerThanMs: slowerThan === 'p95' ? Number.POSITIVE_INFINITY : slowerThan };
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The share alone: whether a caller's decision counts is said by `http.trust`, not by the environment of a fleet. */
function ratioFrom(env: Environment): number {
  const sampler = oneOf(env, SAMPLERS, 'OTEL_TRACES_SAMPLER');
  if (sampler === undefined || sampler.endsWith('always_on')) return 1;
  if (sampler.endsWith('always_off')) return 0;
  const argument = text(env, 'OTEL_TRACES_SAMPLER_ARG')?.value ?? '1';
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return ratio;
  diagnostics.warn(
    'environment OTEL_TRACES_SAMPLER_ARG',
    `OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, got ${JSON.stringify(argument)}; using 1`,
  );
  return 1;
}

/** Unknown names are told and passed over: an operator's list serves many services. */
function propagatorsFrom(env: Environment): string[] {
  const names = (text(env, 'OTEL_PROPAGATORS')?.value ?? 'tracecontext,baggage').split(',').map((name) => name.trim());
  const known = names.filter(isPropagatorName);
  if (known.length < names.length) {
    const unknown = names.filter((name) => !isPropagatorName(name)).join(', ');
    diagnostics.warn('environment OTEL_PROPAGATORS', `OTEL_PROPAGATORS: ignoring ${JSON.stringify(unknown)}`);
  }
  return known;
}

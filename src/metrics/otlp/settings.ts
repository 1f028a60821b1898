import { diagnostics } from '../../core/diagnostics.js';
import { type Environment, oneOf, text, whole } from '../../traces/exporters/environment.js';
import type { OtlpSettings } from '../../traces/exporters/otlp.js';
import { type ExporterOptions, otlpSettings } from '../../traces/exporters/settings.js';

/** What code may say; it wins over the environment. */
export interface PushOptions extends ExporterOptions {
  /** @default OTEL_METRIC_EXPORT_INTERVAL, 60000 */
  readonly intervalMs?: number | undefined;
  /** @default OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE, `cumulative` */
  readonly temporality?: 'cumulative' | 'delta' | undefined;
  /** @default OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION, `exponential` */
  readonly histograms?: 'exponential' | 'explicit' | undefined;
}

export interface PushSettings {
  readonly otlp: OtlpSettings;
  readonly intervalMs: number;
  readonly temporality: 'cumulative' | 'delta';
  readonly histograms: 'exponential' | 'explicit';
}

const PREFIX = 'OTEL_EXPORTER_OTLP_METRICS_';
const INTERVAL_MS = 60_000;
/** What OTEL_METRICS_EXPORTER may hold. `prometheus` is what `/metrics` is there for. */
const EXPORTERS = ['otlp', 'prometheus', 'none'] as const;

/** Whether metrics are pushed: by `option` (`metrics.otlp`), else by OTEL_METRICS_EXPORTER, else not. */
export function pushWanted(option: boolean | undefined, env: Environment): boolean {
  if (option !== undefined) return option;
  const names = text(env, 'OTEL_METRICS_EXPORTER')?.value.toLowerCase().split(',') ?? [];
  for (const name of names.map((each) => each.trim())) {
    if (EXPORTERS.some((known) => known === name)) continue;
    diagnostics.warn(
      'environment OTEL_METRICS_EXPORTER',
      `OTEL_METRICS_EXPORTER: "${name.slice(0, 40)}" is not known; known: ${EXPORTERS.join(', ')}`,
    );
  }
  return names.some((name) => name.trim() === 'otlp');
}

/** Throws for an endpoint or a protocol that is wrong. */
export function pushSettings(options: PushOptions, env: Environment): PushSettings {
  const preference = oneOf(env, ['cumulative', 'delta', 'lowmemory'], `${PREFIX}TEMPORALITY_PREFERENCE`);
  const aggregation = oneOf(
    env,
    ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'],
    `${PREFIX}DEFAULT_HISTOGRAM_AGGREGATION`,
  );
  return {
    otlp: otlpSettings(options, env, 'metrics'),
    intervalMs: options.intervalMs ?? whole(env, 1, 'OTEL_METRIC_EXPORT_INTERVAL') ?? INTERVAL_MS,
    temporality:
      options.temporality ?? (preference === undefined || preference === 'cumulative' ? 'cumulative' : 'delta'),
    histograms: options.histograms ?? (aggregation === 'explicit_bucket_histogram' ? 'explicit' : 'exponential'),
  };
}

import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { has, unknownName } from '../../core/table.js';
import type { SpanSender } from '../export/span-sender.js';
import { ConsoleSender } from './console.js';
import { type Environment, text } from './environment.js';
import { MemorySender } from './memory.js';
import { OtlpSender } from './otlp.js';
import { type ExporterOptions, otlpSettings, xraySettings, zipkinSettings } from './settings.js';
import { XraySender } from './xray.js';
import { ZipkinSender } from './zipkin.js';

/** What a factory may look at. It reads its own settings only: a wrong Zipkin address is no matter to OTLP. */
export interface ExporterSource {
  readonly options: ExporterOptions;
  readonly env: Environment;
  readonly clock: Clock;
}

/** `undefined`: nothing is sent. A factory throws for settings that are wrong. */
type Factory = (source: ExporterSource) => SpanSender | undefined;

export const exporters = {
  otlp: ({ options, env, clock }) => new OtlpSender(otlpSettings(options, env), clock),
  zipkin: ({ options, env, clock }) => new ZipkinSender(zipkinSettings(options, env), clock),
  xray: ({ options, env, clock }) => new XraySender(xraySettings(options, env), clock),
  console: () => new ConsoleSender(),
  memory: () => new MemorySender(),
  none: () => undefined,
} as const satisfies Readonly<Record<string, Factory>>;

export type ExporterName = keyof typeof exporters;

export const isExporterName = (name: string): name is ExporterName => has(exporters, name);

/** Throws for a name that the table does not have, and for settings that are wrong. */
export function exporter(name: string, source: ExporterSource): SpanSender | undefined {
  if (isExporterName(name)) return exporters[name](source);
  throw new Error(unknownName('exporter', exporters, name));
}

/**
 * The name that OTEL_TRACES_EXPORTER gives. The specification allows a list; one queue has one receiver, the first that
 * is known. What is passed over is told.
 */
export function exporterNameFrom(env: Environment): ExporterName | undefined {
  const given = text(env, 'OTEL_TRACES_EXPORTER')?.value;
  const names = given?.toLowerCase().split(/\s*,\s*/) ?? [];
  const known = names.find(isExporterName);
  if (given !== undefined && (known === undefined || names.length > 1)) {
    diagnostics.warn(
      'environment OTEL_TRACES_EXPORTER',
      `OTEL_TRACES_EXPORTER must be one of ${Object.keys(exporters).join(', ')} (a collector can send to many), ` +
        `got ${JSON.stringify(given.slice(0, 100))}; using ${known ?? 'the default'}`,
    );
  }
  return known;
}

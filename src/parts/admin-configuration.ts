import type { Config } from '../config/config.js';
import { version } from '../core/version.js';
import { nameOf } from '../logs/levels.js';

/** The options in force as a page may show them: each one named here, none by default, and of secrets only that they are set. */
export function shownConfiguration(config: Config): Record<string, unknown> {
  const { origin, instance, http, log, traces, metrics, flags, admin, saturation } = config;
  return {
    service: origin.service,
    version: origin.version,
    environment: origin.environment,
    instance,
    fourlights: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    'http.auto': http.auto,
    'http.ignore': shown(http.ignore),
    'http.correlationHeaders': http.correlationHeaders,
    'http.propagateTo': http.propagateTo === undefined ? 'loopback and private hosts' : shown(http.propagateTo),
    'http.trust': shown(http.trust),
    'http.targetingKey': shown(http.targetingKey),
    'log.level': nameOf(log.threshold),
    'log.destination': typeof log.destination === 'object' ? 'a stream' : log.destination,
    'log.accessLog': log.accessLog !== undefined,
    'log.redact': log.redact,
    traces: traces !== undefined,
    'traces.ratio': traces?.ratio,
    'traces.keep': traces?.keep && {
      errors: traces.keep.errors,
      slowerThan: traces.byRoute ? 'p95' : traces.keep.slowerThanMs,
    },
    'traces.propagators': traces?.propagators,
    'traces.exports': traces?.sender !== undefined,
    'metrics.otlp': metrics.push !== undefined,
    'metrics.buckets': metrics.boundaries,
    'flags.source': flags.sources.map(({ name }) => withoutSecrets(name)),
    'flags.backup': flags.backup !== undefined,
    'flags.strict': flags.strict ?? false,
    'admin.port': admin.port,
    'admin.host': admin.host,
    'admin.token': admin.token === undefined ? 'not set' : 'set',
    'admin.authorize': shown(admin.authorize),
    'admin.otlp': admin.otlp ?? false,
    'saturation.probes': saturation.probes.map((probe) => (typeof probe === 'string' ? probe : probe.name)),
    'saturation.intervalMs': saturation.intervalMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
  };
}

/** Functions and expressions by what they are. */
function shown(value: unknown): unknown {
  if (typeof value === 'function') return 'a function';
  return Array.isArray(value) ? value.map(String) : value;
}

/** Addresses lose their user, password and query, where keys are wont to stand. */
function withoutSecrets(name: string): string {
  return name.replace(/\/\/[^/@\s]*@/g, '//').replace(/\?\S*/g, '');
}

import type { IncomingMessage } from 'node:http';

/** What joins the metrics, and where they are pushed. `/metrics` itself is of `admin`. */
export interface MetricsOptions {
  /** Metrics are pushed over OTLP. @default `OTEL_METRICS_EXPORTER=otlp`, false */
  readonly otlp?: boolean | undefined;
  /** Metrics that you have already: a prom-client Registry, an OpenTelemetry MetricReader, or a list of them. @default none */
  readonly include?: unknown;
  /** Further edges of the latency buckets, seconds: those of your objectives. OpenTelemetry's 14 are always there. @default none */
  readonly buckets?: readonly number[] | undefined;
}

/** The surface for operators: the status page at `/`, `/metrics`, `/livez`, `/readyz`. */
export interface AdminOptions {
  /** A port of its own, 0 for a spare one. Without one, mount `admin.handler` yourself. @default `FOURLIGHTS_ADMIN_PORT`, none */
  readonly port?: number | undefined;
  /** Where it listens. @default `FOURLIGHTS_ADMIN_HOST`, `127.0.0.1` */
  readonly host?: string | undefined;
  /**
   * What callers bring as `Authorization: Bearer <token>`, at least 16 characters. Without one, all but `/livez` and
   * `/readyz` is for this machine alone. @default `FOURLIGHTS_ADMIN_TOKEN`, none
   */
  readonly token?: string | undefined;
  /** Decides instead of token and address. @default none */
  readonly authorize?: ((request: IncomingMessage) => boolean) | undefined;
  /** Other services may send their spans and log records here over OTLP/HTTP (`/v1/traces`, `/v1/logs`), to be seen in one waterfall: for development. @default false */
  readonly otlp?: boolean | undefined;
}

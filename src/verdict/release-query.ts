/** What is compared, and where it is told. */
export interface ReleaseQuery {
  readonly baseline: string;
  readonly candidate: string;
  /** Only this service's. @default of all that have these versions */
  readonly service?: string | undefined;
  /** A label of each target that holds the version, put there by relabelling. @default asks `service_info`, which our /metrics has */
  readonly label?: string | undefined;
}

/** How versions are told by our own exposition, and by a collector or Prometheus that takes OTLP. */
const INFO = 'service_info|target_info';
const REQUESTS = 'http_server_request_duration_seconds';
/** Under this label every answer has its version. */
export const VERSION = 'service_version';

/** Requests that failed, by process: `error_type` is on them alone. */
export function errorsQuery(query: ReleaseQuery): string {
  return perProcess(query, `${REQUESTS}_count`, ['error_type!=""'], []);
}

/** Durations of all requests, by process; the bucket without end counts them all. */
export function durationsQuery(query: ReleaseQuery): string {
  return perProcess(query, `${REQUESTS}_bucket`, [], ['le']);
}

/** The label that a version stands under in the answer. */
export function versionLabel({ label }: ReleaseQuery): string {
  return label ?? VERSION;
}

function perProcess(query: ReleaseQuery, metric: string, matchers: readonly string[], by: readonly string[]): string {
  const version = versionLabel(query);
  const labels = ['job', 'instance', version, ...by].join(', ');
  const versions = `${version}=~${text(`${literal(query.baseline)}|${literal(query.candidate)}`)}`;
  if (query.label !== undefined) return `sum by (${labels}) (${metric}{${[...matchers, versions].join(', ')}})`;
  const service = query.service === undefined ? [] : [`service_name=${text(query.service)}`];
  const info = `{${[`__name__=~"${INFO}"`, versions, ...service].join(', ')}}`;
  const joined = `on (job, instance) group_left (${version}) max by (job, instance, ${version}) (${info})`;
  return `sum by (${labels}) (${metric}{${matchers.join(', ')}} * ${joined})`;
}

/** As it stands, inside a regular expression. */
function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A string of PromQL, which escapes as JSON does. */
function text(value: string): string {
  return JSON.stringify(value);
}

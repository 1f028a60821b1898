import { evidenceQuery, LIMIT, type Side } from './evidence-query.js';

export interface FlaggerOptions {
  /** @default fourlights-evidence */
  readonly name?: string | undefined;
  /** A Prometheus that scrapes the pods, with their names in the label `pod`. */
  readonly prometheus: string;
}

export interface FlaggerGates {
  /** Where `/verdict` is, with the query that says of what: `?flag=...` or `?version=...&baseline=...`. */
  readonly url: string;
}

const NAME = 'fourlights-evidence';
const WINDOW = '30m';
/** As Kubernetes names pods: a hash of the template, and five characters. */
const POD = '[0-9a-zA-Z]+(-[0-9a-zA-Z]+)';

/** A MetricTemplate of Flagger: evidence that the canary's pods fail more often than the primary's. No requests: no value, and Flagger halts. */
export function metricTemplate({ name = NAME, prometheus }: FlaggerOptions): object {
  const query = evidenceQuery({
    baseline: pods('{{ target }}-primary-'),
    candidate: pods('{{ target }}-'),
    window: WINDOW,
  });
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name },
    spec: { provider: { type: 'prometheus', address: prometheus }, query },
  };
}

/** What belongs under `spec.analysis` of the Canary: the metric, and with `gates` the webhooks. */
export function canaryAnalysis({ name = NAME }: Pick<FlaggerOptions, 'name'>, gates?: FlaggerGates): object {
  const metrics = [{ name, templateRef: { name }, thresholdRange: { max: LIMIT }, interval: '30s' }];
  return gates === undefined ? { metrics } : { metrics, webhooks: webhooks(gates) };
}

/** `confirm-...` wait for a pass; `rollback` takes it back at once. */
function webhooks({ url }: FlaggerGates): object[] {
  const separator = url.includes('?') ? '&' : '?';
  return (['confirm-traffic-increase', 'confirm-promotion', 'rollback'] as const).map((type) => ({
    name: `fourlights ${type}`,
    type,
    url: `${url}${separator}hook=${type}`,
    timeout: '10s',
  }));
}

function pods(prefix: string): Side {
  return { matchers: `namespace="{{ namespace }}", pod=~"${prefix}${POD}"`, join: '' };
}

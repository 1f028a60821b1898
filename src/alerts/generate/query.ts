import { type Signal, type SignalBase, signals, signalText } from '../signal.js';
import { type BusinessMetric, businessQuery } from './business-query.js';
import { type Query, queries } from './promql.js';

/** What the service has declared, by its name there; `undefined` for what it has not. */
export type BusinessMetrics = (name: string) => BusinessMetric | undefined;

/** A signal's query and the name under which its value is recorded: `route:latency_p99`. */
export interface NamedQuery extends Query {
  readonly record: string;
  /** What its samples are called, beside it: `route:requests`. */
  readonly sampleRecord: string;
  readonly perProcess: boolean;
}

/** The signal in PromQL, or why there is none. */
export function queryOf(signal: Signal, business: BusinessMetrics): NamedQuery | string {
  const query = plainQuery(signal, business);
  if (typeof query === 'string') return query;
  const { per, perProcess }: { per: string; perProcess?: boolean } = signals[signal.base];
  const level = perProcess && query.by.length === 0 ? 'process' : per;
  const name = signal.base === 'business' ? (signal.key ?? '') : signal.base.replace(`${per}.`, '');
  const samples = per === 'dependency' ? 'calls' : 'requests';
  return {
    ...query,
    record: `${level}:${snake(name)}`,
    sampleRecord: `${level}:${samples}`,
    perProcess: perProcess ?? false,
  };
}

function plainQuery(signal: Signal, business: BusinessMetrics): Query | string {
  const { base, key } = signal;
  if (base === 'saturation' && key === undefined) return { ...queries.saturation, by: [] };
  const known: Partial<Readonly<Record<SignalBase, Query>>> = queries;
  const query = known[base];
  if (query !== undefined) return query;
  if (base === 'business') {
    const metric = business(key ?? '');
    if (metric !== undefined) return businessQuery(metric);
    return `no metric "${key}" is declared: import the file that declares it where the rules are`;
  }
  return `${signalText(signal)} is not in /metrics: the service itself watches it`;
}

/** `hitRatio` and `orders.placed`, as Prometheus writes names. */
function snake(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .toLowerCase();
}

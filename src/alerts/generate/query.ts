import { type Signal, type SignalBase, type SignalKind, signals, signalText } from '../signal.js';
import { type BusinessMetric, businessQuery } from './business-query.js';
import { type Query, queries } from './promql.js';
import { type Inputs, inputs } from './promql-inputs.js';
import type { Labels } from './rule-text.js';

/** What the service has declared, by its name there; `undefined` for what it has not. */
export type BusinessMetrics = (name: string) => BusinessMetric | undefined;

type Testable = Query & { readonly inputs: Inputs };

/** A signal's query and the name under which its value is recorded: `route:latency_p99`. */
export interface NamedQuery extends Testable {
  readonly record: string;
  /** What its samples are called, beside it: `route:requests`. */
  readonly sampleRecord: string;
  readonly perProcess: boolean;
}

/** The signal in PromQL, or why there is none. */
export function queryOf(signal: Signal, business: BusinessMetrics): NamedQuery | string {
  const query = plainQuery(signal, business);
  if (typeof query === 'string') return query;
  const { per, ...kind }: SignalKind = signals[signal.base];
  const perProcess = kind.perProcess ?? false;
  const level = perProcess && query.by.length === 0 ? 'process' : per;
  const name = signal.base === 'business' ? (signal.key ?? '') : signal.base.replace(`${per}.`, '');
  const samples = per === 'dependency' ? 'calls' : 'requests';
  return { ...query, record: `${level}:${snake(name)}`, sampleRecord: `${level}:${samples}`, perProcess };
}

/** What the signal's key says of its labels; nothing where it is of all there are. */
export function pickedBy({ base, key }: Signal, query: Pick<Query, 'pick'>): Labels {
  return key === undefined || key === '*' || base === 'business' ? {} : (query.pick?.(key) ?? {});
}

const all: Partial<Readonly<Record<SignalBase, Query>>> = queries;
const inputsOf: Partial<Readonly<Record<SignalBase, Inputs>>> = inputs;

function plainQuery(signal: Signal, business: BusinessMetrics): Testable | string {
  const { base, key } = signal;
  if (base === 'business') {
    const metric = business(key ?? '');
    if (metric !== undefined) return businessQuery(metric);
    return `no metric "${key}" is declared: import the file that declares it where the rules are`;
  }
  const query = all[base];
  const made = inputsOf[base];
  if (query === undefined || made === undefined)
    return `${signalText(signal)} is not in /metrics: the service itself watches it`;
  const isWorst = base === 'saturation' && key === undefined;
  return { ...query, ...(isWorst && { by: [] }), inputs: made };
}

/** `hitRatio` and `orders.placed`, as Prometheus writes names. */
function snake(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .toLowerCase();
}

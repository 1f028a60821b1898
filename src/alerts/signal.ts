import { has, unknownName } from '../core/table.js';

/** What one figure of the snapshot is, as far as rules, their lint and the generators must know. */
export interface SignalKind {
  /** Of what there is one series each. */
  readonly per: 'service' | 'route' | 'dependency' | 'resource' | 'variant' | 'metric' | 'objective';
  /** Of a ratio, 1 is all; `times`: a multiple of what is allowed. */
  readonly unit: 'ratio' | 'seconds' | 'per second' | 'count' | 'times' | 'any';
  /** Made of so many requests, calls or look-ups; below a minimum of them it says nothing. */
  readonly sampled: boolean;
  /** Users feel a symptom; a cause may hurt nobody. */
  readonly nature: 'symptom' | 'cause';
  /** True of one process and not of the service: its alerts name the instance. */
  readonly perProcess?: true;
}

const share = { unit: 'ratio', sampled: true, nature: 'symptom' } as const;
const time = { unit: 'seconds', sampled: true, nature: 'symptom' } as const;
const rate = { unit: 'per second', sampled: false, nature: 'symptom' } as const;
const amount = { unit: 'count', sampled: false, nature: 'cause' } as const;

/** All figures that a rule can watch. Each has one reader, in `readings/readers.ts`. */
export const signals = {
  'errors.ratio': { per: 'service', ...share },
  'latency.p50': { per: 'service', ...time },
  'latency.p95': { per: 'service', ...time },
  'latency.p99': { per: 'service', ...time },
  'latency.mean': { per: 'service', ...time },
  'traffic.requestsPerSecond': { per: 'service', ...rate },
  /** Requests per second now, as a share of the hour before; nothing while there was too little to compare with. */
  'traffic.ofLastHour': { per: 'service', ...rate, unit: 'ratio' },
  'traffic.inFlight': { per: 'service', ...amount, perProcess: true },
  /** The fullest resource; `saturation:memory` for one; `saturation:*` for each. */
  saturation: { per: 'resource', unit: 'ratio', sampled: false, nature: 'cause', perProcess: true },
  'route.errors.ratio': { per: 'route', ...share },
  'route.latency.p50': { per: 'route', ...time },
  'route.latency.p95': { per: 'route', ...time },
  'route.latency.p99': { per: 'route', ...time },
  'route.latency.mean': { per: 'route', ...time },
  'route.traffic.requestsPerSecond': { per: 'route', ...rate },
  'dependency.errors.ratio': { per: 'dependency', ...share },
  'dependency.latency.p50': { per: 'dependency', ...time },
  'dependency.latency.p95': { per: 'dependency', ...time },
  'dependency.latency.p99': { per: 'dependency', ...time },
  'dependency.latency.mean': { per: 'dependency', ...time },
  'dependency.hitRatio': { per: 'dependency', unit: 'ratio', sampled: false, nature: 'cause' },
  'dependency.inFlight': { per: 'dependency', ...amount, perProcess: true },
  'dependency.depth': { per: 'dependency', ...amount },
  'dependency.oldestAgeSeconds': { per: 'dependency', unit: 'seconds', sampled: false, nature: 'cause' },
  'variant.errors.ratio': { per: 'variant', ...share },
  'variant.latency.p50': { per: 'variant', ...time },
  'variant.latency.p95': { per: 'variant', ...time },
  'variant.latency.p99': { per: 'variant', ...time },
  /** Of a counter its increase per second in the window, of a gauge its value, of a timer its p99. One series per combination of attributes. */
  business: { per: 'metric', unit: 'any', sampled: false, nature: 'symptom' },
  /** Spans, lines, metrics and notifications that were lost within the window. */
  'telemetry.loss': { per: 'service', ...amount, perProcess: true },
  /** How fast the error budget burns, as a multiple of what the objective's windows allow. Made by `slo()`. */
  'slo.burn': { per: 'objective', unit: 'times', sampled: false, nature: 'symptom' },
} as const satisfies Readonly<Record<string, SignalKind>>;

export type SignalBase = keyof typeof signals;

/**
 * A figure of the snapshot, and after a colon what it is of: `'errors.ratio'`, `'route.latency.p99:GET /carts/:user'`,
 * `'dependency.errors.ratio:postgres'`, `'saturation:memory'`, `'variant.errors.ratio:new_checkout/on'`,
 * `'business:orders.placed'`. Without the colon there is one series for each route, dependency or variant.
 */
export type SignalName = Exclude<SignalBase, 'business' | 'slo.burn'> | `${SignalBase}:${string}`;

/** A signal's name, taken apart. */
export interface Signal {
  readonly base: SignalBase;
  /** What follows the colon; `undefined` for all there are (of `saturation`: the fullest). */
  readonly key: string | undefined;
}

export function isSignalBase(name: string): name is SignalBase {
  return has(signals, name);
}

/** The signal, or what is wrong with its name. */
export function signalOf(name: unknown): Signal | string {
  if (typeof name !== 'string') return `a signal must be a text, got ${typeof name}`;
  const colon = name.indexOf(':');
  const base = colon === -1 ? name : name.slice(0, colon);
  if (!isSignalBase(base)) return unknownName('signal', signals, base);
  const key = colon === -1 ? undefined : name.slice(colon + 1);
  if (key === '') return `signal "${name}" names nothing after its colon`;
  if (key === undefined && base === 'business') return 'signal "business" needs a metric: "business:orders.placed"';
  if (key !== undefined && signals[base].per === 'service')
    return `signal "${base}" is of the whole service: write "${base}"`;
  return { base, key };
}

export function signalText({ base, key }: Signal): string {
  return key === undefined ? base : `${base}:${key}`;
}

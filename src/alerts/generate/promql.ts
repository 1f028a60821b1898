import type { SignalBase } from '../signal.js';
import { metricNames as names } from './metric-names.js';
import type { Labels } from './rule-text.js';
import type { Selectors } from './scope.js';

/** A signal in PromQL. */
export interface Query {
  /** Labels that tell its series apart, besides the service's and, of what is true of one process, the instance's. */
  readonly by: readonly string[];
  /** It is what is now, whatever the window. */
  readonly momentary?: boolean | undefined;
  value(select: Selectors, by: string, window: string): string;
  /** What it is made of: requests, calls. Only of signals that have a minimum of them. */
  readonly samples?: (select: Selectors, by: string, window: string) => string;
  /** Labels of what follows the colon in a signal's name. */
  readonly pick?: (key: string) => Labels;
  /** How far back it looks besides its window, seconds. */
  readonly lookbackSeconds?: number | undefined;
}

const METHOD = 'http_request_method';
const ROUTE = 'http_route';
const DEPENDENCY = 'dependency';

/** Of a histogram of times: `count`, `sum` or `bucket`, as a rate per second or as the increase over the window. */
export type Counted = (
  select: Selectors,
  how: `${'rate' | 'increase'} ${'count' | 'sum' | 'bucket'}`,
  window: string,
  ...matchers: readonly string[]
) => string;

export const requests: Counted = (select, how, window, ...matchers) => {
  const [grown, part] = how.split(' ');
  return `${grown}(${select.of(`${names.requests}_${part}`, ...matchers)}[${window}])`;
};

/** Databases, declared dependencies and peers are three metrics, as the conventions have it; one label for all names them here. */
export const calls: Counted = (select, how, window, ...matchers) => {
  const [grown, part] = how.split(' ');
  const of = (name: string): string => `${grown}(${select.of(`${name}_${part}`, ...matchers)}[${window}])`;
  const address = `label_join(${of(names.peerCalls)}, "${DEPENDENCY}", ":", "server_address", "server_port")`;
  const peers = `label_replace(${address}, "${DEPENDENCY}", "$1", "${DEPENDENCY}", "(.*):")`;
  return `${of(names.databaseCalls)} or ${of(names.declaredCalls)} or ${peers}`;
};

export const FAILED = ['error_type!=""'];
/** A peer's 4xx has an error type by the conventions, and is the caller's mistake. */
export const FAILED_CALL = [...FAILED, 'http_response_status_code!~"4.."'];

/** The bad ones have no series before the first of them, which must not make the ratio empty: nothing bad is 0. */
export const ratio = (all: Counted, failed: readonly string[]): Query['value'] => {
  return (select, by, window) => {
    const bad = `sum by (${by}) (${all(select, 'rate count', window, ...failed)})`;
    const total = `sum by (${by}) (${all(select, 'rate count', window)})`;
    return `(${bad} or ${total} * 0) / (${total} > 0)`;
  };
};

export const quantile = (all: Counted, q: number, ...matchers: readonly string[]): Query['value'] => {
  return (select, by, window) =>
    // The comparison leaves out NaN, which is what there is without a request.
    `histogram_quantile(${q}, sum by (${by}, le) (${all(select, 'rate bucket', window, ...matchers)})) >= 0`;
};

const mean = (all: Counted): Query['value'] => {
  return (select, by, window) =>
    `sum by (${by}) (${all(select, 'rate sum', window)}) / (sum by (${by}) (${all(select, 'rate count', window)}) > 0)`;
};

const counted = (all: Counted): NonNullable<Query['samples']> => {
  return (select, by, window) => `sum by (${by}) (${all(select, 'increase count', window)})`;
};

const service = { by: [], samples: counted(requests) } as const;
const route = { by: [METHOD, ROUTE], samples: counted(requests), pick: pickRoute } as const;
const dependency = {
  by: [DEPENDENCY],
  samples: counted(calls),
  pick: (key: string) => ({ [DEPENDENCY]: key }),
} as const;

/** `GET /carts/:user`, or the template of all methods. */
export function pickRoute(key: string): Labels {
  const parts = /^([A-Z_]+) (.*)$/.exec(key);
  return parts === null ? { [ROUTE]: key } : { [METHOD]: parts[1] ?? '', [ROUTE]: parts[2] ?? '' };
}

const FLAG = 'feature_flag_key';
const VARIANT = 'feature_flag_result_variant';
const ENDED = 'outcome!="aborted"';

/** Requests that were shown a variant. */
const shown: Counted = (select, how, window, ...matchers) => {
  const [grown, part] = how.split(' ');
  return `${grown}(${select.of(`${names.variantRequests}_${part}`, ...matchers)}[${window}])`;
};

/** One count for all signals of variants: what is recorded has one name. */
const exposed: NonNullable<Query['samples']> = (select, by, window) =>
  `sum by (${by}) (increase(${select.of(names.exposures, ENDED)}[${window}]))`;

const variant = { by: [FLAG, VARIANT], samples: exposed, pick: pickVariant } as const;

/** `new_checkout/on`, or a flag with all its variants. */
function pickVariant(key: string): Labels {
  const slash = key.lastIndexOf('/');
  return slash === -1 ? { [FLAG]: key } : { [FLAG]: key.slice(0, slash), [VARIANT]: key.slice(slash + 1) };
}

const gauge = (metric: string, over: 'sum' | 'max'): Query['value'] => {
  return (select, by) => `${over} by (${by}) (${select.of(metric)})`;
};

/** Of the ledger of drops, what is telemetry. A series that begins with a loss has no increase yet: its whole value is new. */
const lost: Query['value'] = (select, by, window) => {
  const series = select.of(names.dropped, 'signal=~"spans|logs|metrics|notifications"');
  const grown = `(${series} unless ${series} offset ${window}) or increase(${series}[${window}])`;
  return `sum by (${by}) (${grown}) or sum by (${by}) (${select.of(names.uptime)}) * 0`;
};

/** Every signal that the exposition has numbers for. */
export const queries = {
  'errors.ratio': { ...service, value: ratio(requests, FAILED) },
  'latency.p50': { ...service, value: quantile(requests, 0.5) },
  'latency.p95': { ...service, value: quantile(requests, 0.95) },
  'latency.p99': { ...service, value: quantile(requests, 0.99) },
  'latency.mean': { ...service, value: mean(requests) },
  'traffic.requestsPerSecond': {
    by: [],
    value: (...of) => `sum by (${of[1]}) (${requests(of[0], 'rate count', of[2])})`,
  },
  'traffic.ofLastHour': {
    by: [],
    lookbackSeconds: 3600,
    // The hour ends where the window begins. Less than 100 requests in it say nothing.
    value: (select, by, window) => {
      const now = `sum by (${by}) (${requests(select, 'rate count', window)})`;
      const series = `${select.of(`${names.requests}_count`)}[1h] offset ${window}`;
      const hour = `sum by (${by}) (rate(${series}))`;
      return `${now} / (${hour} > 100 / 3600)`;
    },
  },
  'traffic.inFlight': { by: [], momentary: true, value: gauge(names.inFlight, 'sum') },
  saturation: {
    by: ['resource'],
    momentary: true,
    value: gauge(names.saturation, 'max'),
    pick: (key) => ({ resource: key }),
  },
  'route.errors.ratio': { ...route, value: ratio(requests, FAILED) },
  'route.latency.p50': { ...route, value: quantile(requests, 0.5) },
  'route.latency.p95': { ...route, value: quantile(requests, 0.95) },
  'route.latency.p99': { ...route, value: quantile(requests, 0.99) },
  'route.latency.mean': { ...route, value: mean(requests) },
  'route.traffic.requestsPerSecond': {
    by: route.by,
    pick: pickRoute,
    value: (select, by, window) => `sum by (${by}) (${requests(select, 'rate count', window)})`,
  },
  'dependency.errors.ratio': { ...dependency, value: ratio(calls, FAILED_CALL) },
  'dependency.latency.p50': { ...dependency, value: quantile(calls, 0.5) },
  'dependency.latency.p95': { ...dependency, value: quantile(calls, 0.95) },
  'dependency.latency.p99': { ...dependency, value: quantile(calls, 0.99) },
  'dependency.latency.mean': { ...dependency, value: mean(calls) },
  'dependency.hitRatio': {
    by: ['cache'],
    pick: (key) => ({ cache: key }),
    value: (select, by, window) => {
      const over = (...matchers: string[]): string =>
        `sum by (${by}) (rate(${select.of(names.lookups, ...matchers)}[${window}]))`;
      return `${over('result="hit"')} / (${over()} > 0)`;
    },
  },
  'dependency.inFlight': {
    by: [DEPENDENCY],
    momentary: true,
    pick: dependency.pick,
    value: gauge(names.callsInFlight, 'sum'),
  },
  'dependency.depth': {
    by: ['queue'],
    momentary: true,
    pick: (key) => ({ queue: key }),
    value: gauge(names.queueDepth, 'max'),
  },
  'dependency.oldestAgeSeconds': {
    by: ['queue'],
    momentary: true,
    pick: (key) => ({ queue: key }),
    value: gauge(names.queueAge, 'max'),
  },
  'variant.errors.ratio': {
    ...variant,
    value: (select, by, window) => {
      const of = (matcher: string): string =>
        `sum by (${by}) (rate(${select.of(names.exposures, matcher)}[${window}]))`;
      return `${of('outcome="error"')} / (${of(ENDED)} > 0)`;
    },
  },
  'variant.latency.p50': { ...variant, value: quantile(shown, 0.5) },
  'variant.latency.p95': { ...variant, value: quantile(shown, 0.95) },
  'variant.latency.p99': { ...variant, value: quantile(shown, 0.99) },
  'telemetry.loss': { by: [], value: lost },
} as const satisfies Partial<Readonly<Record<SignalBase, Query>>>;

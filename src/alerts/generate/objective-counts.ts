import type { Sli } from '../objective.js';
import { metricNames as names } from './metric-names.js';
import { FAILED, FAILED_CALL, pickRoute, requests } from './promql.js';
import { type Inputs, share } from './promql-inputs.js';
import type { BusinessMetrics } from './query.js';
import type { Labels } from './rule-text.js';
import { equal, matchers, type Selectors } from './scope.js';
import { counterSeries } from './test-series.js';

/** Sums by what is given; `bad` is 0 where nothing is bad. */
type Count = (select: Selectors, by: string, how: 'rate' | 'increase', window: string) => string;

/** What an objective counts, in PromQL. */
export interface Counts {
  readonly total: Count;
  readonly bad: Count;
  /** Series of a test in which the bad share is the value wanted. */
  readonly inputs: Inputs;
  /** Labels that those have. */
  readonly labels: Labels;
}

const ALL: Sli = { of: 'requests' };

/** What is bad has no series before the first of it. */
function orNone(bad: Count, total: Count): Count {
  return (...of) => `(${bad(...of)} or ${total(...of)} * 0)`;
}

/** The counts of an objective, or why there are none in /metrics. */
export function countsOf(sli: Sli = ALL, business: BusinessMetrics): Counts | string {
  if (sli.of === 'counters') return counters(sli, business);
  if (sli.of === 'dependency') return dependency(sli.name);
  const labels = sli.route === undefined || sli.route === '*' ? {} : pickRoute(sli.route);
  return sli.slowerThan === undefined ? failures(labels) : slowness(labels, sli.slowerThan);
}

function failures(labels: Labels): Counts {
  const count = (failed: readonly string[]): Count => {
    return (select, by, how, window) =>
      `sum by (${by}) (${requests(select, `${how} count`, window, ...matchers(labels), ...failed)})`;
  };
  const inputs = share(`${names.requests}_count`, { error_type: '500', http_response_status_code: '500' }, {});
  return { total: count([]), bad: orNone(count(FAILED), count([])), inputs, labels };
}

/** Without a bucket of that edge there is no answer, rather than a wrong one. Prometheus 3 writes a whole number's edge with `.0`. */
function slowness(labels: Labels, seconds: number): Counts {
  const edge = Number.isInteger(seconds) ? `le=~"${seconds}(\\\\.0)?"` : equal('le', String(seconds));
  const total: Count = (select, by, how, window) =>
    `sum by (${by}) (${requests(select, `${how} count`, window, ...matchers(labels))})`;
  const fast: Count = (select, by, how, window) =>
    `sum by (${by}) (${requests(select, `${how} bucket`, window, ...matchers(labels), edge)})`;
  return {
    total,
    bad: (...of) => `(${total(...of)} - ${fast(...of)})`,
    labels,
    inputs: ({ stretches, labels: all, samples }) => [
      counterSeries(
        `${names.requests}_bucket`,
        { ...all, le: String(seconds) },
        stretches.map(({ value, steps }) => ({ value: (1 - value) * samples, steps })),
      ),
      counterSeries(
        `${names.requests}_count`,
        all,
        stretches.map(({ steps }) => ({ value: samples, steps })),
      ),
    ],
  };
}

/** It is in one of the three metrics; a peer is named by its address there. */
function dependency(name: string): Counts {
  const labels = { dependency: name };
  const [, host = name, port] = /^(.*):(\d{1,5})$/.exec(name) ?? [];
  const address = { server_address: host, ...(port !== undefined && { server_port: port }) };
  const count = (failed: readonly string[]): Count => {
    return (select, by, how, window) => {
      const of = (metric: string, which: Labels): string =>
        `${how}(${select.of(`${metric}_count`, ...matchers(which), ...failed)}[${window}])`;
      const any = [of(names.databaseCalls, labels), of(names.declaredCalls, labels), of(names.peerCalls, address)];
      return `sum by (${by}) (${any.join(' or ')})`;
    };
  };
  const inputs = share(`${names.databaseCalls}_count`, { error_type: 'Error' }, {});
  return { total: count([]), bad: orNone(count(FAILED_CALL), count([])), inputs, labels };
}

function counters({ bad, total }: Extract<Sli, { of: 'counters' }>, business: BusinessMetrics): Counts | string {
  const [badMetric, totalMetric] = [business(bad), business(total)];
  if (badMetric?.kind !== 'counter' || totalMetric?.kind !== 'counter')
    return `no counters "${bad}" and "${total}" are declared: import the file that declares them where the objectives are`;
  const count = (metric: string): Count => {
    return (select, by, how, window) => `sum by (${by}) (${how}(${select.of(metric)}[${window}]))`;
  };
  return {
    total: count(totalMetric.metric),
    bad: orNone(count(badMetric.metric), count(totalMetric.metric)),
    labels: {},
    inputs: ({ labels, stretches, samples }) => [
      counterSeries(
        badMetric.metric,
        labels,
        stretches.map(({ value, steps }) => ({ value: value * samples, steps })),
      ),
      counterSeries(
        totalMetric.metric,
        labels,
        stretches.map(({ steps }) => ({ value: samples, steps })),
      ),
    ],
  };
}

import type { SignalBase } from '../signal.js';
import { metricNames as names } from './metric-names.js';
import { type Query, queries } from './promql.js';
import type { Selectors } from './scope.js';

/** What one panel shows. */
export interface PanelPlan {
  readonly title: string;
  /** What someone reads from it, and does. */
  readonly description: string;
  /** As Grafana names units. */
  readonly unit: 'reqps' | 'percentunit' | 's' | 'short' | 'bytes' | 'ops';
  readonly lines: readonly Line[];
  /** Rules on this signal draw their thresholds into it. */
  readonly signal?: SignalBase | undefined;
  /** All of the width. */
  readonly wide?: true;
}

export interface Line {
  readonly expr: string;
  /** Grafana's template of the legend: `{{http_route}}`. */
  readonly legend: string;
}

export interface RowPlan {
  readonly title: string;
  readonly panels: readonly PanelPlan[];
}

/** Grafana's own: four scrapes at least. */
export const RATE_INTERVAL = '$__rate_interval';
const ROUTE = '{{http_request_method}} {{http_route}}';

/** All rows. `select`: as the dashboard's variables have it. */
export function rows(select: Selectors): readonly RowPlan[] {
  const value = (query: Query, ...by: readonly string[]): string =>
    query.value(select, [select.service, ...query.by, ...by].join(', '), RATE_INTERVAL);
  const line = (legend: string, query: Query, ...by: readonly string[]): Line => ({
    expr: value(query, ...by),
    legend,
  });
  const gauge = (legend: string, metric: string, over: 'sum' | 'max', ...by: readonly string[]): Line => ({
    expr: `${over} by (${by.join(', ')}) (${select.of(metric)})`,
    legend,
  });
  const rate = (legend: string, metric: string, ...by: readonly string[]): Line => ({
    expr: `sum by (${by.join(', ')}) (rate(${select.of(metric)}[${RATE_INTERVAL}]))`,
    legend,
  });
  const { instance } = select;
  return [
    {
      title: 'The four signals',
      panels: [
        {
          ...{ title: 'Latency', unit: 's', signal: 'latency.p99' },
          description: 'p99 over its objective: find the route below, roll back or switch the flag off.',
          lines: [
            line('p50', queries['latency.p50']),
            line('p95', queries['latency.p95']),
            line('p99', queries['latency.p99']),
          ],
        },
        {
          ...{ title: 'Traffic', unit: 'reqps', signal: 'traffic.requestsPerSecond' },
          description: 'A fall without a release: look at the load balancer and at who calls.',
          lines: [line('requests', queries['traffic.requestsPerSecond'])],
        },
        {
          ...{ title: 'Errors', unit: 'percentunit', signal: 'errors.ratio' },
          description: 'Share of requests that failed; those whose client went away are apart.',
          lines: [line('errors', queries['errors.ratio'])],
        },
        {
          ...{ title: 'Saturation', unit: 'percentunit', signal: 'saturation' },
          description: 'Of each resource the fullest process: 1 is full, above 1 demand queues.',
          lines: [gauge('{{resource}}', names.saturation, 'max', 'resource')],
        },
      ],
    },
    {
      title: 'Routes',
      panels: [
        {
          ...{ title: 'p99 by route', unit: 's', signal: 'route.latency.p99' },
          description: 'The slow route: open its exemplar trace.',
          lines: [line(ROUTE, queries['route.latency.p99'])],
        },
        {
          ...{ title: 'p50 by route', unit: 's', signal: 'route.latency.p50' },
          description: 'What most requests take: rises when all of them are slow, not the unlucky ones alone.',
          lines: [line(ROUTE, queries['route.latency.p50'])],
        },
        {
          ...{ title: 'Traffic by route', unit: 'reqps', signal: 'route.traffic.requestsPerSecond' },
          description: 'Where the load comes from.',
          lines: [line(ROUTE, queries['route.traffic.requestsPerSecond'])],
        },
        {
          ...{ title: 'Errors by route', unit: 'percentunit', signal: 'route.errors.ratio' },
          description: 'One route failing: its own code or its dependency; all of them: something shared.',
          lines: [line(ROUTE, queries['route.errors.ratio'])],
        },
        {
          ...{ title: 'Requests under way', unit: 'short', signal: 'traffic.inFlight' },
          description: 'Rising while traffic is level: something downstream hangs.',
          lines: [gauge(`{{${instance}}}`, names.inFlight, 'sum', instance)],
        },
        {
          ...{ title: 'Clients that went away', unit: 'reqps' },
          description: 'Neither successes nor errors: clients that gave up waiting, or closed the page.',
          lines: [rate(ROUTE, names.aborted, 'http_request_method', 'http_route')],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          ...{ title: 'Fullest resource of each process', unit: 'percentunit', signal: 'saturation' },
          description: 'One far above the others: it has more of the load, or a leak.',
          lines: [gauge(`{{${instance}}}`, names.saturation, 'max', instance)],
        },
        {
          ...{ title: 'Event loop', unit: 'percentunit' },
          description: 'Share of the time in which it had work; above 0.9 requests wait for it.',
          lines: [gauge(`{{${instance}}}`, names.loopUtilization, 'max', instance)],
        },
        {
          ...{ title: 'Event loop delay, p99', unit: 's' },
          description: 'Above 0.1 s something blocks it: large JSON, crypto, a long loop.',
          lines: [gauge(`{{${instance}}}`, names.loopDelay, 'max', instance)],
        },
        {
          ...{ title: 'CPU', unit: 'short' },
          description: 'Cores in use.',
          lines: [rate(`{{${instance}}}`, names.cpu, instance)],
        },
        {
          ...{ title: 'Memory', unit: 'bytes' },
          description: 'Growing without end is a leak: compare two heap snapshots.',
          lines: [
            gauge(`{{${instance}}} resident`, names.memory, 'sum', instance),
            gauge(`{{${instance}}} heap`, names.heapUsed, 'sum', instance),
          ],
        },
        {
          ...{ title: 'Telemetry lost', unit: 'short', signal: 'telemetry.loss' },
          description: 'The service is partly blind: collector, log destination, limits.',
          lines: [line(`{{${instance}}}`, queries['telemetry.loss'], instance)],
        },
      ],
    },
    {
      title: 'Dependencies',
      panels: [
        {
          ...{ title: 'Errors by dependency', unit: 'percentunit', signal: 'dependency.errors.ratio' },
          description: 'Its breaker, its replica, or the flag that uses it.',
          lines: [line('{{dependency}}', queries['dependency.errors.ratio'])],
        },
        {
          ...{ title: 'p99 by dependency', unit: 's', signal: 'dependency.latency.p99' },
          description: 'A slow one makes its routes slow: shorten its timeout.',
          lines: [line('{{dependency}}', queries['dependency.latency.p99'])],
        },
        {
          ...{ title: 'Calls under way', unit: 'short', signal: 'dependency.inFlight' },
          description: 'Rising while traffic is level: it hangs.',
          lines: [gauge('{{dependency}}', names.callsInFlight, 'sum', 'dependency')],
        },
        {
          ...{ title: 'Connection pools', unit: 'short' },
          description: 'Somebody waiting for 30 s: a slow query holds the connections, or the pool is too small.',
          lines: [
            gauge(
              '{{db_client_connection_pool_name}} {{db_client_connection_state}}',
              names.poolConnections,
              'sum',
              'db_client_connection_pool_name',
              'db_client_connection_state',
            ),
            gauge(
              '{{db_client_connection_pool_name}} waiting',
              names.poolWaiting,
              'sum',
              'db_client_connection_pool_name',
            ),
          ],
        },
        {
          ...{ title: 'Cache hits', unit: 'percentunit', signal: 'dependency.hitRatio' },
          description: 'Falling: time to live, evictions, a new kind of key.',
          lines: [line('{{cache}}', queries['dependency.hitRatio'])],
        },
        {
          ...{ title: 'Queues', unit: 'short', signal: 'dependency.depth' },
          description: 'Growing: consumers are too few or stuck.',
          lines: [gauge('{{queue}}', names.queueDepth, 'max', 'queue')],
        },
      ],
    },
    {
      title: 'Flags',
      panels: [
        {
          ...{ title: 'Requests by variant and outcome', unit: 'ops', wide: true },
          description: "A variant's share of errors above the others': take its flag back.",
          lines: [
            rate(
              '{{feature_flag_key}} {{feature_flag_result_variant}} ({{outcome}})',
              names.exposures,
              'feature_flag_key',
              'feature_flag_result_variant',
              'outcome',
            ),
          ],
        },
      ],
    },
    {
      title: 'Alerts',
      panels: [
        {
          ...{ title: 'Firing and pending', unit: 'short', wide: true },
          description: 'What fires; each alert says in its annotations what to do.',
          lines: [
            {
              expr: `count by (alertname, severity, alertstate) (${select.of('ALERTS')})`,
              legend: '{{alertname}} ({{severity}}) {{alertstate}}',
            },
          ],
        },
        {
          ...{ title: 'Error budget left', unit: 'percentunit', wide: true },
          description: '1 is all of it, 0 none: then reliability comes before features.',
          lines: [{ expr: select.of('objective:budget_left'), legend: '{{slo}}' }],
        },
      ],
    },
  ];
}

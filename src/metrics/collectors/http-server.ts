import { ABORT_PHASE, ERROR_TYPE, HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS } from '../../core/attributes.js';
import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { RouteSeries } from '../../signals/series.js';
import type { Collector, HistogramPoint, Labels, NumberPoint } from '../family.js';
import { NO_LABELS } from '../labels.js';
import type { HttpSource } from '../sources.js';

/** Durations, requests under way and requests whose client went away. */
export function httpServer(source: HttpSource): Collector {
  const points = new WeakMap<CumulativeHistogram, HistogramPoint>();
  const aborts = new WeakMap<RouteSeries, readonly [Labels, Labels]>();

  const durations = (series: RouteSeries): HistogramPoint[] =>
    [...series.durations].map(([key, histogram]) => {
      const known = points.get(histogram);
      if (known !== undefined) return known;
      const point = { labels: durationLabels(series, key), histogram };
      points.set(histogram, point);
      return point;
    });

  const aborted = (series: RouteSeries): NumberPoint[] => {
    const labels = aborts.get(series) ?? abortLabels(series);
    aborts.set(series, labels);
    return [
      { labels: labels[0], value: series.abortedBeforeHeaders },
      { labels: labels[1], value: series.abortedMidResponse },
    ];
  };

  return () => {
    const all = source.series();
    return [
      {
        ...{ type: 'gauge', over: 'sum', name: 'http.server.active_requests', unit: '{request}' },
        help: 'Requests that have entered and not ended.',
        action: 'rising while traffic is level: something downstream hangs; shed load, shorten timeouts.',
        points: [{ labels: NO_LABELS, value: source.inFlight }],
      },
      {
        ...{ type: 'counter', name: 'http.server.requests.aborted', unit: '{request}' },
        help: 'Requests whose client went away before the response was complete; neither successes nor errors.',
        action: 'clients give up: cut latency, add capacity, compare with their timeout.',
        points: all.flatMap(aborted),
      },
      {
        ...{ type: 'histogram', name: 'http.server.request.duration', unit: 's' },
        help: 'Time from the request to the last byte of its response, aborted ones apart.',
        action: 'p99 over its objective: open the route and its exemplar trace, roll back or switch the flag off.',
        points: all.flatMap(durations),
      },
    ];
  };
}

/** A status by its number; an exchange without one has the type of its error. */
function durationLabels({ method, route }: RouteSeries, key: number | string): Labels {
  const base = { [HTTP_METHOD]: method, [HTTP_ROUTE]: route };
  if (typeof key === 'string') return { ...base, [ERROR_TYPE]: key };
  return key >= 500 ? { ...base, [HTTP_STATUS]: key, [ERROR_TYPE]: String(key) } : { ...base, [HTTP_STATUS]: key };
}

function abortLabels({ method, route }: RouteSeries): readonly [Labels, Labels] {
  const base = { [HTTP_METHOD]: method, [HTTP_ROUTE]: route };
  return [
    { ...base, [ABORT_PHASE]: 'before_headers' },
    { ...base, [ABORT_PHASE]: 'mid_response' },
  ];
}

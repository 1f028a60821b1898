import { ERROR_TYPE, HTTP_METHOD, HTTP_STATUS, SERVER_ADDRESS, SERVER_PORT } from '../../core/attributes.js';
import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { Collector, HistogramPoint, Labels } from '../family.js';
import { keptLabels } from '../labels.js';
import type { DependencyCounts } from '../sources.js';

type Kind = 'http' | 'db' | 'other';

/** Calls to what the service depends on: by the conventions for HTTP clients and databases, and by one of our own for the rest. */
export function dependencies(read: () => readonly DependencyCounts[]): Collector {
  const labelsOf = keptLabels((dependency: string) => ({ dependency }));
  const points = new WeakMap<CumulativeHistogram, HistogramPoint>();

  const durations = (all: readonly DependencyCounts[], kind: Kind): HistogramPoint[] =>
    all
      .filter((one) => kindOf(one) === kind)
      .flatMap((one) =>
        [...one.durations].flatMap(([operation, byOutcome]) =>
          [...byOutcome].map(([outcome, histogram]) => {
            const known = points.get(histogram) ?? { labels: callLabels(one, operation, outcome), histogram };
            points.set(histogram, known);
            return known;
          }),
        ),
      );

  return () => {
    const all = read();
    return [
      {
        ...{ type: 'gauge', over: 'sum', name: 'dependency.active_requests', unit: '{request}' },
        help: 'Calls to a dependency that have begun and not ended.',
        action: 'rising while traffic is level: the dependency hangs; shorten its timeout, open its breaker.',
        points: all.map(({ name, inFlight }) => ({ labels: labelsOf(name), value: inFlight })),
      },
      {
        ...{ type: 'counter', name: 'dependency.requests.aborted', unit: '{request}' },
        help: 'Calls to a dependency that this service gave up; neither successes nor errors.',
        action: 'rising: our own timeouts or clients cut calls off; compare with its latency.',
        points: all.map(({ name, aborted }) => ({ labels: labelsOf(name), value: aborted })),
      },
      {
        ...{ type: 'histogram', name: 'http.client.request.duration', unit: 's', points: durations(all, 'http') },
        help: 'Time that calls to an HTTP peer took.',
        action: 'a slow or failing peer: breaker, flag off, or its own dashboard.',
      },
      {
        ...{ type: 'histogram', name: 'db.client.operation.duration', unit: 's', points: durations(all, 'db') },
        help: 'Time that operations of a database took.',
        action: 'one operation slow: its plan and its locks; all slow: the pool, then the server.',
      },
      {
        ...{ type: 'histogram', name: 'dependency.operation.duration', unit: 's', points: durations(all, 'other') },
        help: 'Time that operations of a declared dependency took.',
        action: 'a slow or failing dependency: breaker, flag off, or its own dashboard.',
      },
    ];
  };
}

function kindOf({ kind, system }: DependencyCounts): Kind {
  if (kind === 'peer') return 'http';
  return system === undefined ? 'other' : 'db';
}

/** `outcome`: a status by its number, `ok`, or the type of an error. */
function callLabels(dependency: DependencyCounts, operation: string, outcome: number | string): Labels {
  const status = typeof outcome === 'number' ? { [HTTP_STATUS]: outcome } : {};
  const failed = typeof outcome === 'number' ? outcome >= 400 : outcome !== 'ok';
  const error = failed ? { [ERROR_TYPE]: String(outcome) } : {};
  const { name, system } = dependency;
  switch (kindOf(dependency)) {
    case 'http':
      return { ...addressOf(name), [HTTP_METHOD]: operation, ...status, ...error };
    case 'db':
      return { dependency: name, 'db.system.name': system ?? '', 'db.operation.name': operation, ...status, ...error };
    default:
      return { dependency: name, operation, ...status, ...error };
  }
}

/** `users:3000`, `[::1]:3000`, `users`. */
function addressOf(name: string): Labels {
  const port = /:(\d{1,5})$/.exec(name)?.[1];
  return port === undefined
    ? { [SERVER_ADDRESS]: name }
    : { [SERVER_ADDRESS]: name.slice(0, -port.length - 1), [SERVER_PORT]: Number(port) };
}

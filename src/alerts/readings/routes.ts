import type { RouteSignals } from '../../signals/golden-signals.js';
import type { RouteSeries } from '../../signals/series.js';
import type { Reading } from './reading.js';
import { added, type Outcomes, shareOf } from './share.js';
import { isLong, type View } from './view.js';

interface Route {
  readonly method: string;
  readonly route: string;
}

/** One reading for each method of each route that `key` means: all, one template, or `GET /carts/:user`. */
export function perRoute(
  read: (route: RouteSignals) => Pick<Reading, 'value' | 'samples'>,
): (view: View, key: string | undefined) => Reading[] {
  return ({ snapshot }, key) =>
    snapshot.routes.filter((route) => isMeant(route, key)).map((route) => ({ ...named(route), ...read(route) }));
}

export function routeErrors(view: View, key: string | undefined): Reading[] {
  const { requests } = view.sources;
  if (!isLong(view) || requests === undefined) return ofSnapshot(view, key);
  return requests()
    .filter((series) => isMeant(series, key))
    .map((series) => ({ ...named(series), ...shareOf(view, keyOf(series), outcomesOf(series)) }));
}

const ofSnapshot = perRoute(({ errors, latency }) => ({ value: errors.ratio, samples: latency.count }));

export function serviceErrors(view: View): Reading[] {
  const { snapshot, sources } = view;
  const share =
    isLong(view) && sources.requests !== undefined
      ? shareOf(view, 'service', added(sources.requests().map(outcomesOf)))
      : { value: snapshot.errors.ratio, samples: snapshot.latency.count };
  return [{ key: '', labels: {}, ...share }];
}

/** Those whose client went away are neither good nor bad. */
export function outcomesOf({ total, errors, abortedBeforeHeaders, abortedMidResponse }: RouteSeries): Outcomes {
  return { ended: total - abortedBeforeHeaders - abortedMidResponse, bad: errors };
}

export function isMeant({ method, route }: Route, key: string | undefined): boolean {
  return key === undefined || key === '*' || key === route || key === `${method} ${route}`;
}

const keyOf = ({ method, route }: Route): string => `${method} ${route}`;

function named(route: Route): Pick<Reading, 'key' | 'labels'> {
  return { key: keyOf(route), labels: { http_request_method: route.method, http_route: route.route } };
}

import type { Latency } from '../../signals/golden-signals.js';
import type { SignalBase } from '../signal.js';
import { business } from './business.js';
import { dependencyErrors, perDependency, plain } from './dependencies.js';
import { type Reading, single } from './reading.js';
import { perRoute, routeErrors, serviceErrors } from './routes.js';
import { resources, worst } from './saturation.js';
import { ofLastHour, telemetryLoss } from './traffic.js';
import { perVariant } from './variants.js';
import type { View } from './view.js';

/** Every series that the signal has now, of those that `key` means. Must not throw, nor wait. */
export type Reader = (view: View, key: string | undefined) => Reading[];

type Percentile = 'p50' | 'p95' | 'p99' | 'mean';

const of =
  (figure: Percentile) =>
  ({ latency }: { readonly latency: Latency }): Pick<Reading, 'value' | 'samples'> => ({
    value: latency[figure],
    samples: latency.count,
  });

const serviceLatency =
  (figure: Percentile): Reader =>
  ({ snapshot: { latency } }) => [single(latency[figure], latency.count)];

export const readers = {
  'errors.ratio': serviceErrors,
  'latency.p50': serviceLatency('p50'),
  'latency.p95': serviceLatency('p95'),
  'latency.p99': serviceLatency('p99'),
  'latency.mean': serviceLatency('mean'),
  'traffic.requestsPerSecond': ({ snapshot }) => [single(snapshot.traffic.requestsPerSecond)],
  'traffic.ofLastHour': ofLastHour,
  'traffic.inFlight': ({ snapshot }) => [single(snapshot.traffic.inFlight)],
  saturation: (view, key) => (key === undefined ? worst(view) : resources(view, key)),
  'route.errors.ratio': routeErrors,
  'route.latency.p50': perRoute(of('p50')),
  'route.latency.p95': perRoute(of('p95')),
  'route.latency.p99': perRoute(of('p99')),
  'route.latency.mean': perRoute(of('mean')),
  'route.traffic.requestsPerSecond': perRoute(({ traffic }) => ({ value: traffic.requestsPerSecond, samples: 0 })),
  'dependency.errors.ratio': dependencyErrors,
  'dependency.latency.p50': perDependency(of('p50')),
  'dependency.latency.p95': perDependency(of('p95')),
  'dependency.latency.p99': perDependency(of('p99')),
  'dependency.latency.mean': perDependency(of('mean')),
  'dependency.hitRatio': perDependency(({ hitRatio }) => plain(hitRatio)),
  'dependency.inFlight': perDependency(({ inFlight }) => plain(inFlight)),
  'dependency.depth': perDependency(({ depth }) => plain(depth)),
  'dependency.oldestAgeSeconds': perDependency(({ oldestAgeSeconds }) => plain(oldestAgeSeconds)),
  'variant.errors.ratio': perVariant(({ errors, latency }) => ({ value: errors.ratio, samples: latency.count })),
  'variant.latency.p50': perVariant(of('p50')),
  'variant.latency.p95': perVariant(of('p95')),
  'variant.latency.p99': perVariant(of('p99')),
  business,
  'telemetry.loss': telemetryLoss,
  'slo.burn': ({ burns }, key) =>
    burns
      .burns()
      .filter(({ objective, severity }) => key === undefined || key === `${objective}/${severity}`)
      .map(({ objective, burn }) => ({ key: objective, labels: { slo: objective }, value: burn, samples: 0 })),
} as const satisfies Readonly<Record<SignalBase, Reader>>;

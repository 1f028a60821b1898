import { brief, type Times, times } from '../figures.js';
import { readyMoment } from '../moment.js';
import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

export interface DependencyRow extends Times {
  readonly name: string;
  readonly perSecond: number | null;
  readonly total: number;
  readonly inFlight: number;
  readonly errors: number;
  readonly errorRatio: number | null;
  readonly byType: Readonly<Record<string, number>>;
  readonly hitRatio: number | null;
  readonly depth: number | null;
  readonly oldestAge: number | null;
}

/** What this process calls: each with its latency, errors, calls in flight, and what else it can tell. */
export function dependencies({ clock, snapshot }: AdminSources): Resource {
  return {
    read: readyMoment(clock, (at) => ({
      at,
      dependencies: Object.entries(snapshot().dependencies).map(
        ([name, { latency, traffic, errors, ...rest }]): DependencyRow => ({
          name,
          ...times(latency),
          perSecond: brief(traffic.requestsPerSecond),
          total: traffic.total,
          inFlight: rest.inFlight,
          errors: errors.count,
          errorRatio: brief(errors.ratio),
          byType: errors.byType,
          hitRatio: brief(rest.hitRatio ?? null),
          depth: rest.depth ?? null,
          oldestAge: brief(rest.oldestAgeSeconds ?? null),
        }),
      ),
    })),
  };
}

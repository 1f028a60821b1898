import type { History, Marker, Sample } from '../history.js';
import type { Resource, Stamped } from './resource.js';
import type { AdminSources } from './sources.js';

export interface HistoryAnswer extends Stamped {
  /** Seconds between two samples, and how many are kept. */
  readonly every: number;
  readonly samples: readonly Sample[];
  readonly markers: readonly Marker[];
}

/** Fifteen minutes of the four lights, or what is newer than `since`. */
export function history(_sources: AdminSources, kept: { readonly history: History }): Resource {
  return {
    read: (_query, since) => ({
      at: kept.history.at,
      every: 5,
      samples: kept.history.samples(since),
      markers: kept.history.markers(since),
    }),
  };
}

import { brief } from '../figures.js';
import { readyMoment } from '../moment.js';
import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

export interface ResourceRow {
  readonly name: string;
  /** 0 idle, 1 full. */
  readonly ratio: number | null;
  readonly readings: Readonly<Record<string, number>>;
}

/** How full each resource is, the fullest first. */
export function saturation({ clock, snapshot }: AdminSources): Resource {
  return {
    read: readyMoment(clock, (at) => ({
      at,
      resources: Object.entries(snapshot().saturation.resources)
        .map(([name, { ratio, readings }]): ResourceRow => ({ name, ratio: brief(ratio), readings }))
        .sort((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0)),
    })),
  };
}

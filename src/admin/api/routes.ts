import { routeRow } from '../figures.js';
import { readyMoment } from '../moment.js';
import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

/** Each method of each route over the window, busiest first. */
export function routes({ clock, snapshot }: AdminSources): Resource {
  return {
    read: readyMoment(clock, (at) => {
      const { windowSeconds, routes: all } = snapshot();
      return { at, window: Math.round(windowSeconds), routes: all.map(routeRow) };
    }),
  };
}

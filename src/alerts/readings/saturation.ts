import { type Reading, single } from './reading.js';
import type { View } from './view.js';

/** The fullest resource, whichever that is: one series, as the fullest changes. */
export function worst({ snapshot: { saturation } }: View): Reading[] {
  return [single(saturation.ratio)];
}

export function resources({ snapshot: { saturation } }: View, key: string): Reading[] {
  return Object.entries(saturation.resources)
    .filter(([resource]) => key === '*' || key === resource)
    .map(([resource, { ratio }]) => ({ key: resource, labels: { resource }, value: ratio, samples: 0 }));
}

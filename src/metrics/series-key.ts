import type { Labels } from './family.js';

const kept = new WeakMap<Labels, string>();

/** One text for a series: its family and its labels, in the order that its collector gives them. */
export function seriesKey(family: string, labels: Labels): string {
  let text = kept.get(labels);
  if (text === undefined) {
    text = JSON.stringify(labels);
    kept.set(labels, text);
  }
  return `${family}${text}`;
}

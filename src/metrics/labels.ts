import type { Labels } from './family.js';

/**
 * Labels made once for each key and kept, so that writers find again what they made of them. Bounded: beyond the cap they
 * are made anew each time, which is slower and right all the same.
 */
export function keptLabels<K extends readonly string[]>(make: (...key: K) => Labels): (...key: K) => Labels {
  const kept = new Map<string, Labels>();
  return (...key) => {
    const id = key.join('\u0000');
    const known = kept.get(id);
    if (known !== undefined) return known;
    const made = make(...key);
    if (kept.size < MAX_KEPT) kept.set(id, made);
    return made;
  };
}

const MAX_KEPT = 5000;

/** Of a metric with one series. */
export const NO_LABELS: Labels = {};

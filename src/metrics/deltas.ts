import { ExponentialBuckets } from '../signals/exponential.js';
import type { Family, HistogramPoint, HistogramValue, NumberPoint } from './family.js';
import { seriesKey } from './series-key.js';

/** What has been handed over of one series. */
interface Handed {
  readonly value: number;
  readonly counts: readonly number[];
  readonly sum: number;
  /** By position (see `ExponentialBuckets`). */
  readonly exponential: ReadonlyMap<number, number>;
}

const NOTHING: Handed = { value: 0, counts: [], sum: 0, exponential: new Map() };

/**
 * Counters and histograms as what came since the last hand-over; gauges as they are. Two steps, so that what did not
 * arrive is in the next: `since` reads, `commit` says that it has arrived.
 */
export class Deltas {
  readonly #handed = new Map<string, Handed>();
  readonly #pending = new Map<string, Handed>();

  since(families: readonly Family[]): Family[] {
    this.#pending.clear();
    return families.map((family) => {
      if (family.type === 'counter')
        return { ...family, points: family.points.map((point) => this.#number(family, point)) };
      if (family.type === 'histogram') {
        return { ...family, points: family.points.map((point) => this.#histogram(family, point)) };
      }
      return family;
    });
  }

  commit(): void {
    for (const [key, handed] of this.#pending) this.#handed.set(key, handed);
    this.#pending.clear();
  }

  #number(family: Family, { labels, value }: NumberPoint): NumberPoint {
    const last = this.#exchange(seriesKey(family.name, labels), { ...NOTHING, value });
    return { labels, value: value >= last.value ? value - last.value : value };
  }

  #histogram(family: Family, { labels, histogram }: HistogramPoint): HistogramPoint {
    const { count, sum } = histogram;
    const counts = Array.from(histogram.counts);
    const exponential = positions(histogram.exponential);
    const last = this.#exchange(seriesKey(family.name, labels), { value: count, counts, sum, exponential });
    // Fewer than before: another histogram has come under these labels, all of it new.
    return { labels, histogram: difference(histogram, count >= last.value ? last : NOTHING, counts, exponential) };
  }

  #exchange(key: string, now: Handed): Handed {
    this.#pending.set(key, now);
    return this.#handed.get(key) ?? NOTHING;
  }
}

function difference(
  now: HistogramValue,
  last: Handed,
  counts: readonly number[],
  exponential: ReadonlyMap<number, number>,
): HistogramValue {
  return {
    boundaries: now.boundaries,
    counts: counts.map((count, i) => count - (last.counts[i] ?? 0)),
    count: now.count - last.value,
    sum: now.sum - last.sum,
    exponential: now.exponential && grown(last, exponential),
    exemplar: (index) => now.exemplar?.(index),
  };
}

/** Where the zeros are kept among the positions. */
const ZERO = -1;

function grown(last: Handed, now: ReadonlyMap<number, number>): ExponentialBuckets {
  const buckets = new ExponentialBuckets();
  for (const [position, count] of now) {
    const more = count - (last.exponential.get(position) ?? 0);
    if (position === ZERO) buckets.zeroCount = more;
    else if (more > 0) buckets.add(position, more);
  }
  return buckets;
}

function positions(buckets: HistogramValue['exponential']): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (buckets === undefined) return found;
  const entries = buckets.entries();
  for (let i = 0; i < entries.length; i += 2) found.set(entries[i] as number, entries[i + 1] as number);
  if (buckets.zeroCount > 0) found.set(ZERO, buckets.zeroCount);
  return found;
}

import type { Exemplar } from '../../signals/cumulative.js';
import type { Family, HistogramPoint, Labels, NumberPoint } from '../family.js';
import { seriesKey } from '../series-key.js';

/** What a family is, without its series. */
export type FamilyHead = Pick<Family, 'name' | 'type' | 'unit' | 'help' | 'action'> & {
  readonly over?: 'sum' | 'max' | undefined;
  readonly foreign?: boolean | undefined;
};

/** What one worker sends: names once, then numbers. Plain data that survives JSON. */
export interface Report {
  readonly fourlights: 'metrics.report';
  /** New since the last report, by their place in the worker's list. */
  readonly families: readonly (readonly [family: number, head: FamilyHead])[];
  readonly series: readonly (readonly [
    series: number,
    family: number,
    labels: Labels,
    boundaries: readonly number[] | null,
  ])[];
  /** Series and how much was added, in turn. */
  readonly counters: readonly number[];
  /** Series and value, in turn; a gauge that is not in it is no more. */
  readonly gauges: readonly number[];
  readonly histograms: readonly HistogramDelta[];
}

export interface HistogramDelta {
  readonly series: number;
  readonly sum: number;
  readonly zero: number;
  /** Bucket and how many were added, in turn. */
  readonly buckets: readonly number[];
  /** The same for exponential buckets, by position; absent when there are none. */
  readonly exponential?: readonly number[] | undefined;
  readonly exemplars: readonly (readonly [bucket: number, exemplar: Exemplar])[];
}

/** A report in the making. */
interface Draft {
  readonly families: [number, FamilyHead][];
  readonly series: [number, number, Labels, readonly number[] | null][];
  readonly counters: number[];
  readonly gauges: number[];
  readonly histograms: HistogramDelta[];
  newestMs: number;
}

/** Turns families, their counters and histograms as differences, into reports, and remembers what has been named. */
export class Reporter {
  readonly #families = new Map<string, number>();
  readonly #series = new Map<string, number>();
  #exemplarsAfterMs = 0;

  report(families: readonly Family[]): Report {
    const draft: Draft = { families: [], series: [], counters: [], gauges: [], histograms: [], newestMs: 0 };
    for (const family of families) {
      if (family.type === 'summary') continue; // quantiles of several processes make no quantile
      for (const point of family.points) {
        if ('histogram' in point) this.#histogram(family, point, draft);
        else if (Number.isFinite(point.value)) this.#value(family, point, draft);
      }
    }
    const { newestMs, ...report } = draft;
    this.#exemplarsAfterMs = Math.max(this.#exemplarsAfterMs, newestMs);
    return { fourlights: 'metrics.report', ...report };
  }

  #histogram(family: Family, point: HistogramPoint, draft: Draft): void {
    const { counts, boundaries } = point.histogram;
    const id = this.#named(family, point.labels, boundaries, draft);
    const exemplars = this.#exemplars(point, counts.length);
    for (const [, { at }] of exemplars) draft.newestMs = Math.max(draft.newestMs, at);
    draft.histograms.push(...histogramDelta(id, point, exemplars));
  }

  #value(family: Family, { labels, value }: NumberPoint, draft: Draft): void {
    const id = this.#named(family, labels, null, draft);
    if (family.type === 'gauge') draft.gauges.push(id, value);
    else if (value !== 0) draft.counters.push(id, value);
  }

  /** The number of a series, named in the report when it is new. */
  #named(family: Family, labels: Labels, boundaries: readonly number[] | null, draft: Draft): number {
    const key = seriesKey(family.name, labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const id = this.#series.size;
    this.#series.set(key, id);
    draft.series.push([id, this.#family(family, draft.families), labels, boundaries]);
    return id;
  }

  #family(family: Family, news: [number, FamilyHead][]): number {
    const known = this.#families.get(family.name);
    if (known !== undefined) return known;
    const id = this.#families.size;
    this.#families.set(family.name, id);
    const { name, type, unit, help, action, foreign } = family;
    news.push([
      id,
      { name, type, unit, help, action, foreign, over: family.type === 'gauge' ? family.over : undefined },
    ]);
    return id;
  }

  #exemplars({ histogram }: HistogramPoint, buckets: number): [number, Exemplar][] {
    const found: [number, Exemplar][] = [];
    for (let i = 0; i < buckets && histogram.exemplar !== undefined; i++) {
      const exemplar = histogram.exemplar(i);
      if (exemplar !== undefined && exemplar.at > this.#exemplarsAfterMs) found.push([i, { ...exemplar }]);
    }
    return found;
  }
}

/** Nothing where nothing was recorded. */
function histogramDelta(
  series: number,
  { histogram }: HistogramPoint,
  exemplars: readonly [number, Exemplar][],
): HistogramDelta[] {
  const { count, counts, sum, exponential } = histogram;
  if (count === 0) return [];
  const buckets = Array.from(counts).flatMap((added, bucket) => (added > 0 ? [bucket, added] : []));
  return [{ series, sum, zero: exponential?.zeroCount ?? 0, buckets, exponential: exponential?.entries(), exemplars }];
}

import type { Counts } from './evidence-ratio.js';

/** What is read of a variant: totals since the start of the process, as `signals/variants` keeps them. */
export interface VariantTotals {
  readonly flag: string;
  readonly variant: string;
  readonly total: number;
  readonly errors: number;
  readonly aborted: number;
  /** Durations of what was not aborted, in the buckets of `LATENCY_BOUNDARIES`. */
  readonly latency: { readonly counts: ArrayLike<number> };
}

/** What one variant did within one tick. */
export interface Delta {
  /** Requests that ended and were not aborted. */
  readonly total: number;
  readonly errors: number;
  readonly aborted: number;
  readonly latency: readonly number[];
  /** By business metric. */
  readonly business: ReadonlyMap<string, Counts>;
}

/** Bad events of a business metric by variant, since the start; without `total` a variant's requests are its total. */
export interface BusinessTotals {
  readonly variant: string;
  readonly bad: number;
  readonly total?: number | undefined;
}

export type Read = { readonly deltas: ReadonlyMap<string, Delta> } | { readonly unusable: string };

/** Counters of one variant, flat: total, errors, aborted, then (bad, total) of each business metric, then the buckets. */
type Row = readonly number[];
const FIXED = 3;

/**
 * What happened to each variant of one flag since the last look. Counters that went back, or that were gone for a while, give
 * nothing but a new beginning: a restart of them is no evidence.
 */
export class CountsReader {
  readonly #metrics: readonly string[];
  readonly #known = new Map<string, Row>();
  #begun = false;

  /** `metrics`: the business metrics among those that are compared. */
  constructor(metrics: readonly string[]) {
    this.#metrics = metrics;
  }

  read(variants: readonly VariantTotals[], business: (metric: string) => readonly BusinessTotals[]): Read {
    const totals = this.#metrics.map((metric) => business(metric));
    const rows = new Map(variants.map((variant) => [variant.variant, rowOf(variant, totals)]));
    const why = this.#amiss(rows);
    const before = new Map(this.#known);
    for (const name of before.keys()) if (!rows.has(name)) this.#known.delete(name);
    for (const [name, row] of rows) this.#known.set(name, row);
    const resumed = this.#resumed(rows, before);
    this.#begun = true;
    if (why !== undefined || resumed) return { unusable: why ?? 'counting has begun' };
    return { deltas: new Map([...rows].map(([name, row]) => [name, this.#delta(row, before.get(name))])) };
  }

  /** After a pause: whatever is counted until the next look belongs to no tick. */
  restart(): void {
    this.#known.clear();
    this.#begun = false;
  }

  #gone = new Set<string>();

  #resumed(rows: ReadonlyMap<string, Row>, before: ReadonlyMap<string, Row>): boolean {
    let resumed = !this.#begun;
    for (const name of before.keys()) if (!rows.has(name)) this.#gone.add(name);
    for (const name of rows.keys()) if (this.#gone.delete(name)) resumed = true;
    return resumed;
  }

  #amiss(rows: ReadonlyMap<string, Row>): string | undefined {
    for (const [name, before] of this.#known) {
      const row = rows.get(name);
      if (row === undefined) return `the counts of variant "${name}" are missing`;
      if (row.length !== before.length || row.some((value, i) => value < (before[i] as number))) {
        return `the counters of variant "${name}" were reset`;
      }
    }
    return undefined;
  }

  #delta(row: Row, before: Row | undefined): Delta {
    const grown = before === undefined ? row : row.map((value, i) => value - (before[i] as number));
    const [all = 0, errors = 0, aborted = 0] = grown;
    const business = this.#metrics.map((metric, i) => {
      const at = FIXED + 2 * i;
      return [metric, { bad: grown[at] ?? 0, total: grown[at + 1] ?? 0 }] as const;
    });
    const latency = grown.slice(FIXED + 2 * this.#metrics.length);
    return { total: all - aborted, errors, aborted, latency, business: new Map(business) };
  }
}

function rowOf(variant: VariantTotals, business: readonly (readonly BusinessTotals[])[]): Row {
  const requests = variant.total - variant.aborted;
  const own = business.flatMap((totals) => {
    const found = totals.find(({ variant: name }) => name === variant.variant);
    return [found?.bad ?? 0, found?.total ?? requests];
  });
  return [variant.total, variant.errors, variant.aborted, ...own, ...Array.from(variant.latency.counts)];
}

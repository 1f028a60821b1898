import { diagnostics } from '../../core/diagnostics.js';
import type { Family, HistogramPoint, Labels, NumberPoint } from '../family.js';
import { seriesKey } from '../series-key.js';
import { MergedHistogram } from './merged-histogram.js';
import type { FamilyHead, Report } from './report.js';

/** Over all processes and for good: what is named beyond it is left out, and counted. */
const MAX_SERIES = 20_000;

interface Total {
  readonly labels: Labels;
  /** Of a counter. */
  value: number;
  readonly histogram: MergedHistogram | undefined;
}

interface FleetFamily {
  readonly head: FamilyHead;
  /** Of counters and histograms, by the text of their labels. */
  readonly totals: Map<string, Total>;
}

/** A series as one process names it. */
interface Named {
  readonly family: FleetFamily;
  readonly key: string;
  readonly labels: Labels;
  readonly total: Total | undefined;
}

interface Member {
  readonly families: Map<number, FleetFamily>;
  readonly series: Map<number, Named>;
  gauges: readonly number[];
  reportedMs: number;
  ended: boolean;
}

/**
 * What all processes have reported, in memory. Counters and histograms only grow, whoever dies; gauges are those of the
 * last report of each process that lives. Nothing here asks anybody, so a reader never waits.
 */
export class Fleet {
  readonly #families = new Map<string, FleetFamily>();
  readonly #members = new Map<number, Member>();
  #series = 0;

  /** `process`: a number of its own for each process. */
  take(process: number, report: Report, nowMs: number): void {
    const member = this.#members.get(process) ?? newMember();
    this.#members.set(process, member);
    member.reportedMs = nowMs;
    for (const [id, head] of report.families) member.families.set(id, this.#family(head));
    for (const named of report.series) this.#name(member, named);
    for (let i = 0; i < report.counters.length; i += 2) {
      const total = member.series.get(report.counters[i] as number)?.total;
      if (total !== undefined) total.value += report.counters[i + 1] as number;
    }
    for (const delta of report.histograms) member.series.get(delta.series)?.total?.histogram?.add(delta);
    if (!member.ended) member.gauges = report.gauges;
  }

  /** It has ended: what it counted stays, what it measured goes. A last report may still come. */
  gone(process: number): void {
    const member = this.#members.get(process);
    if (member === undefined) return;
    member.ended = true;
    member.gauges = [];
  }

  /** Nothing will come from it any more. */
  forget(process: number): void {
    this.#members.delete(process);
  }

  /** Milliseconds since each living process reported. */
  ages(nowMs: number): number[] {
    return [...this.#members.values()].filter(({ ended }) => !ended).map(({ reportedMs }) => nowMs - reportedMs);
  }

  families(): Family[] {
    const gauges = this.#gauges();
    return [...this.#families.values()].map((family) => {
      const { head, totals } = family;
      if (head.type === 'gauge')
        return { ...head, type: 'gauge', over: head.over ?? 'sum', points: gauges.get(family) ?? [] };
      if (head.type === 'counter') return { ...head, type: 'counter', points: [...totals.values()] };
      return { ...head, type: 'histogram', points: [...totals.values()].filter(isHistogram) };
    });
  }

  #family(head: FamilyHead): FleetFamily {
    const known = this.#families.get(head.name);
    if (known !== undefined) return known;
    const made = { head, totals: new Map<string, Total>() };
    this.#families.set(head.name, made);
    return made;
  }

  #name(member: Member, [id, familyId, labels, boundaries]: Report['series'][number]): void {
    const family = member.families.get(familyId);
    if (family === undefined) return;
    const key = seriesKey('', labels);
    const total = family.head.type === 'gauge' ? undefined : this.#total(family, key, labels, boundaries);
    member.series.set(id, { family, key, labels: total?.labels ?? labels, total });
  }

  #total(family: FleetFamily, key: string, labels: Labels, boundaries: readonly number[] | null): Total | undefined {
    const known = family.totals.get(key);
    if (known !== undefined) return sameBuckets(known, boundaries) ? known : undefined;
    if (this.#series >= MAX_SERIES) {
      diagnostics.drop('metrics', 'cluster_series_cap');
      return undefined;
    }
    this.#series++;
    const made = { labels, value: 0, histogram: boundaries === null ? undefined : new MergedHistogram(boundaries) };
    family.totals.set(key, made);
    return made;
  }

  #gauges(): Map<FleetFamily, NumberPoint[]> {
    const values = new Map<FleetFamily, Map<string, { labels: Labels; value: number }>>();
    for (const { gauges, series } of this.#members.values()) {
      for (let i = 0; i < gauges.length; i += 2) {
        const named = series.get(gauges[i] as number);
        if (named === undefined) continue;
        const points = values.get(named.family) ?? new Map();
        values.set(named.family, points);
        const known = points.get(named.key);
        const value = gauges[i + 1] as number;
        if (known === undefined) points.set(named.key, { labels: named.labels, value });
        else known.value = named.family.head.over === 'max' ? Math.max(known.value, value) : known.value + value;
      }
    }
    return new Map([...values].map(([family, points]) => [family, [...points.values()]]));
  }
}

function newMember(): Member {
  return { families: new Map(), series: new Map(), gauges: [], reportedMs: 0, ended: false };
}

function isHistogram(total: Total): total is Total & HistogramPoint {
  return total.histogram !== undefined;
}

/** Buckets of two cuts cannot be added up: the first one's stay. */
function sameBuckets({ histogram }: Total, boundaries: readonly number[] | null): boolean {
  if (String(histogram?.boundaries ?? null) === String(boundaries)) return true;
  diagnostics.drop('metrics', 'cluster_boundaries');
  diagnostics.warn(
    'metrics cluster boundaries',
    'processes of one cluster have different histogram buckets: give all of them the same `metrics.buckets`.',
  );
  return false;
}

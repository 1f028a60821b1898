import { diagnostics } from '../../core/diagnostics.js';
import { shortened } from '../../core/nearest.js';
import type { Family, HistogramPoint, Labels, NumberPoint, SummaryPoint } from '../family.js';
import { labelName } from '../prometheus-name.js';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * What a scraper can read of families that are not ours: it refuses a whole scrape for one line that is none. What it
 * cannot read is left out, counted and told.
 */
export function sound(families: readonly Family[]): Family[] {
  return families.filter(({ name, points }) => NAME.test(name) || leftOut(name, points.length)).map(withSoundPoints);
}

function withSoundPoints(family: Family): Family {
  switch (family.type) {
    case 'histogram':
      return {
        ...family,
        points: family.points.filter((point) => isHistogram(point) || leftOut(family.name, 1)).map(labelled),
      };
    case 'summary':
      return {
        ...family,
        points: family.points.filter((point) => isSummary(point) || leftOut(family.name, 1)).map(labelled),
      };
    default:
      return { ...family, points: family.points.map(labelled) };
  }
}

function isHistogram({ histogram: { boundaries, counts } }: HistogramPoint): boolean {
  const rising = boundaries.every(
    (edge, i) => Number.isFinite(edge) && (i === 0 || edge > (boundaries[i - 1] as number)),
  );
  return rising && counts.length === boundaries.length + 1;
}

function isSummary({ quantiles }: SummaryPoint): boolean {
  return quantiles.every(([quantile]) => quantile >= 0 && quantile <= 1);
}

/** Names that are one in this format are one label; values are texts. */
function labelled<P extends NumberPoint | HistogramPoint | SummaryPoint>(point: P): P {
  const labels = new Map<string, string>();
  for (const [name, value] of Object.entries<unknown>(point.labels)) {
    const written = labelName(name);
    if (LABEL.test(written)) labels.set(written, textOf(value));
  }
  return { ...point, labels: Object.fromEntries(labels) satisfies Labels };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function leftOut(name: string, points: number): false {
  diagnostics.drop('metrics', 'include_invalid', points);
  diagnostics.warn(
    'metrics include invalid',
    `a metric of an included registry is left out, as no scraper could read it: ${shortened(JSON.stringify(name), 200)}`,
  );
  return false;
}

import { systemClock } from '../../src/core/clock.js';
import { Exposition } from '../../src/metrics/exposition.js';
import type {
  Counter,
  Family,
  Gauge,
  Histogram,
  HistogramPoint,
  Labels,
  NumberPoint,
} from '../../src/metrics/family.js';
import { CumulativeHistogram } from '../../src/signals/cumulative.js';

const text = { help: 'What it is.', action: 'do this.' };

export const counter = (name: string, points: readonly NumberPoint[], unit = '{request}'): Counter => ({
  ...{ type: 'counter', name, unit, ...text, points },
});

export const gauge = (
  name: string,
  points: readonly NumberPoint[],
  over: 'sum' | 'max' = 'sum',
  unit = 'By',
): Gauge => ({
  ...{ type: 'gauge', over, name, unit, ...text, points },
});

export const histogram = (name: string, points: readonly HistogramPoint[]): Histogram => ({
  ...{ type: 'histogram', name, unit: 's', ...text, points },
});

export function recorded(values: readonly number[], boundaries: readonly number[] = [0.1, 0.5]): CumulativeHistogram {
  const made = new CumulativeHistogram(boundaries, { exponential: true, exemplars: true });
  for (const value of values) made.record(value);
  return made;
}

export const one = (value: number, labels: Labels = {}): NumberPoint[] => [{ labels, value }];

export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** The text of these families alone, without the writer's own. */
export async function textOf(families: readonly Family[], accept?: string): Promise<string> {
  const { body } = await new Exposition({ clock: systemClock, families: () => families }).render({ accept });
  const lines = body.toString().split('\n');
  return lines.filter((line) => !line.includes('fourlights_scrape_')).join('\n');
}

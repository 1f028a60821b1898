/** A value held for so many steps; of a counter, what it grows by at each. */
export interface Stretch {
  readonly value: number;
  readonly steps: number;
}

/** One series of a promtool test: its name with labels, and its values in promtool's notation. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

export type SeriesLabels = Readonly<Record<string, string>>;

/** Step 0 comes before the first stretch, here and below: at the end of a stretch the last value is still its own. */
export function gaugeSeries(metric: string, labels: SeriesLabels, stretches: readonly Stretch[]): InputSeries {
  const values = stretches.map(({ value, steps }) => `${plain(value)}+0x${steps - 1}`);
  return { series: seriesName(metric, labels), values: [plain(stretches[0]?.value ?? 0), ...values].join(' ') };
}

export function counterSeries(metric: string, labels: SeriesLabels, stretches: readonly Stretch[]): InputSeries {
  let total = 0;
  const values = stretches.map(({ value, steps }) => {
    const first = total + value;
    total += value * steps;
    return `${plain(first)}+${plain(value)}x${steps - 1}`;
  });
  return { series: seriesName(metric, labels), values: ['0', ...values].join(' ') };
}

function seriesName(metric: string, labels: SeriesLabels): string {
  const inside = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric}{${inside.join(',')}}`;
}

/** promtool reads no exponents there. */
function plain(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}

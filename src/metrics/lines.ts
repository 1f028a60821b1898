import type { Family, HistogramPoint, Labels, NumberPoint, SummaryPoint } from './family.js';
import { sampleName } from './format.js';
import { labelName } from './prometheus-name.js';

interface HistogramLines {
  /** Up to the edge. */
  readonly bucket: string;
  readonly sum: string;
  readonly count: string;
}

/** What is constant of one family's lines: rendered once per series and kept as long as the series is. */
export class FamilyLines {
  readonly #name: string;
  readonly #numbers = new WeakMap<Labels, string>();
  readonly #histograms = new WeakMap<Labels, HistogramLines>();

  constructor(family: Family) {
    this.#name = sampleName(family);
  }

  number({ labels, value }: NumberPoint): string {
    let line = this.#numbers.get(labels);
    if (line === undefined) {
      const inside = labelText(labels);
      line = inside === '' ? `${this.#name} ` : `${this.#name}{${inside}} `;
      this.#numbers.set(labels, line);
    }
    return `${line}${numberText(value)}\n`;
  }

  histogram({ labels, histogram }: HistogramPoint, exemplars: boolean): string {
    const { counts, boundaries } = histogram;
    let lines = this.#histograms.get(labels);
    if (lines === undefined) {
      lines = histogramLines(this.#name, labels);
      this.#histograms.set(labels, lines);
    }
    const { bucket } = lines;
    const edges = edgesOf(boundaries);
    let text = '';
    let below = 0;
    for (let i = 0; i < edges.length; i++) {
      below += counts[i] as number;
      text += bucket + edges[i] + below;
      if (exemplars) text += exemplarText(histogram.exemplar?.(i));
      text += '\n';
    }
    return `${text}${lines.sum}${numberText(histogram.sum)}\n${lines.count}${below}\n`;
  }

  summary({ labels, quantiles, sum, count }: SummaryPoint): string {
    const inside = labelText(labels);
    const braces = inside === '' ? '' : `{${inside}}`;
    const between = inside === '' ? '' : `${inside},`;
    const lines = quantiles.map(([q, value]) => `${this.#name}{${between}quantile="${q}"} ${numberText(value)}\n`);
    return `${lines.join('')}${this.#name}_sum${braces} ${numberText(sum)}\n${this.#name}_count${braces} ${count}\n`;
  }
}

/** Joined, as the engine keeps what is joined in one piece: what is added up piece by piece is put together at every use. */
function histogramLines(name: string, labels: Labels): HistogramLines {
  const inside = labelText(labels);
  const braces = inside === '' ? '' : `{${inside}}`;
  return {
    bucket: [name, '_bucket{', inside, inside === '' ? '' : ',', 'le="'].join(''),
    sum: [name, '_sum', braces, ' '].join(''),
    count: [name, '_count', braces, ' '].join(''),
  };
}

const edgeTexts = new WeakMap<readonly number[], readonly string[]>();

/** The end of each bucket's name: all series of a histogram share their boundaries. */
function edgesOf(boundaries: readonly number[]): readonly string[] {
  const known = edgeTexts.get(boundaries);
  if (known !== undefined) return known;
  const made = [...boundaries, '+Inf'].map((le) => [le, '"} '].join(''));
  edgeTexts.set(boundaries, made);
  return made;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${labelName(name)}="${escaped(String(value))}"`)
    .join(',');
}

function escaped(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function exemplarText(exemplar: { traceId: string; value: number; at: number } | undefined): string {
  if (exemplar === undefined) return '';
  return ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${exemplar.at / 1000}`;
}

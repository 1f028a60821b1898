import type { Bytes } from './bytes.js';
import type { Family, HistogramPoint, Labels, NumberPoint, SummaryPoint } from './family.js';
import { sampleName } from './format.js';
import { labelName } from './prometheus-name.js';

interface HistogramLines {
  /** Up to the edge. */
  readonly bucket: Buffer;
  readonly sum: Buffer;
  readonly count: Buffer;
}

/** What is constant of one family's lines: rendered once per series and kept as long as the series is. */
export class FamilyLines {
  readonly #name: string;
  readonly #numbers = new WeakMap<Labels, Buffer>();
  readonly #histograms = new WeakMap<Labels, HistogramLines>();

  constructor(family: Family) {
    this.#name = sampleName(family);
  }

  number({ labels, value }: NumberPoint, to: Bytes): void {
    let line = this.#numbers.get(labels);
    if (line === undefined) {
      const inside = labelText(labels);
      line = Buffer.from(inside === '' ? `${this.#name} ` : `${this.#name}{${inside}} `);
      this.#numbers.set(labels, line);
    }
    to.bytes(line);
    to.text(numberText(value));
    to.line();
  }

  histogram({ labels, histogram }: HistogramPoint, exemplars: boolean, to: Bytes): void {
    const { counts, boundaries } = histogram;
    let lines = this.#histograms.get(labels);
    if (lines === undefined) {
      lines = histogramLines(this.#name, labels);
      this.#histograms.set(labels, lines);
    }
    const edges = edgesOf(boundaries);
    let below = 0;
    for (let i = 0; i < edges.length; i++) {
      below += counts[i] as number;
      to.bytes(lines.bucket);
      to.bytes(edges[i] as Buffer);
      to.count(below);
      if (exemplars) to.text(exemplarText(histogram.exemplar?.(i)));
      to.line();
    }
    to.bytes(lines.sum);
    to.text(numberText(histogram.sum));
    to.line();
    to.bytes(lines.count);
    to.count(below);
    to.line();
  }

  summary({ labels, quantiles, sum, count }: SummaryPoint, to: Bytes): void {
    const inside = labelText(labels);
    const braces = inside === '' ? '' : `{${inside}}`;
    const between = inside === '' ? '' : `${inside},`;
    const lines = quantiles.map(([q, value]) => `${this.#name}{${between}quantile="${q}"} ${numberText(value)}\n`);
    to.text(`${lines.join('')}${this.#name}_sum${braces} ${numberText(sum)}\n${this.#name}_count${braces} ${count}\n`);
  }
}

function histogramLines(name: string, labels: Labels): HistogramLines {
  const inside = labelText(labels);
  const braces = inside === '' ? '' : `{${inside}}`;
  return {
    bucket: Buffer.from(`${name}_bucket{${inside}${inside === '' ? '' : ','}le="`),
    sum: Buffer.from(`${name}_sum${braces} `),
    count: Buffer.from(`${name}_count${braces} `),
  };
}

const edgeTexts = new WeakMap<readonly number[], readonly Buffer[]>();

/** The end of each bucket's name: all series of a histogram share their boundaries. */
function edgesOf(boundaries: readonly number[]): readonly Buffer[] {
  const known = edgeTexts.get(boundaries);
  if (known !== undefined) return known;
  const made = [...boundaries, '+Inf'].map((le) => Buffer.from(`${le}"} `));
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

import { LATENCY_BOUNDARIES } from '../signals/latency-buckets.js';
import { type MetricEvidence, metricEvidence, type Question } from './evidence.js';
import { Family, type FamilyOptions, type Moment } from './evidence-family.js';
import { type Lanes, LastMinute } from './evidence-lanes.js';
import { LatencyFamilies } from './evidence-latency.js';
import type { Tick } from './evidence-ratio.js';
import { SplitCheck } from './evidence-split.js';
import { blockOf, Ledger, type Sums } from './evidence-sums.js';
import type { Delta } from './guard-counts.js';
import type { Plan } from './guard-plan.js';

/** Bad events that requests are counted for, by metric. Latency is not among them: it is three such. */
const COUNTED: Readonly<Record<string, (delta: Delta) => { total: number; bad: number }>> = {
  errors: ({ total, errors }) => ({ total, bad: errors }),
  aborts: ({ total, aborted }) => ({ total: total + aborted, bad: aborted }),
};

/** Metrics that the guard counts by itself. */
export const OWN_METRICS: readonly string[] = [...Object.keys(COUNTED), 'latency'];

const NONE: Delta = { total: 0, errors: 0, aborted: 0, latency: [], business: new Map() };

/** One variant compared with the default one: its evidence, and the last minute. */
export class Track {
  readonly variant: string;
  readonly sums: Ledger = new Ledger();
  readonly #plan: Plan;
  readonly #families: readonly Family[];
  readonly #latency: LatencyFamilies | undefined;
  readonly #minute: LastMinute;
  #split = new SplitCheck();

  constructor(variant: string, plan: Plan, intervalMs: number) {
    this.variant = variant;
    this.#plan = plan;
    const options: FamilyOptions = { tolerance: plan.tolerance };
    this.#families = plan.metrics
      .filter((metric) => metric !== 'latency')
      .map((name) => new Family(name, name === 'errors' ? { ...options, mostBad: plan.mostBad } : options));
    this.#latency = plan.metrics.includes('latency') ? new LatencyFamilies(LATENCY_BOUNDARIES, options) : undefined;
    this.#minute = new LastMinute(60_000 / intervalMs, plan.objective);
  }

  /** Takes one tick in, and returns what it added, for the rest of the fleet. */
  tick(control: Delta = NONE, canary: Delta = NONE, moment: Moment, share: number): Sums {
    const increments: Record<string, readonly number[]> = {};
    for (const family of this.#families) family.tick(tickOf(family.name, control, canary), moment, increments);
    this.#latency?.tick({ control: control.latency, canary: canary.latency }, moment, increments);
    this.#minute.add(tickOf('errors', control, canary));
    if (this.#plan.sampleRatio && share > 0 && share < 1) this.#split.add(control.total, canary.total, share);
    this.sums.add(increments);
    this.sums.trim(blockOf(moment.tick));
    return increments;
  }

  /** A new stage: another share is asked for from here on. */
  staged(): void {
    this.#split = new SplitCheck();
  }

  /** What came before a pause does not belong to the minute after it. */
  interrupted(): void {
    this.#minute.clear();
  }

  get lanes(): Lanes {
    return this.#minute.read();
  }

  get splitWrong(): boolean {
    return this.#split.wrong;
  }

  /** Requests of the control that latency is compared by, where it is compared. */
  get latencySamples(): number | undefined {
    return this.#latency?.samples;
  }

  evidence(question: Question): MetricEvidence[] {
    return this.#plan.metrics.map((metric) => metricEvidence(metric, this.sums, question));
  }
}

function tickOf(metric: string, control: Delta, canary: Delta): Tick {
  const counted = Object.hasOwn(COUNTED, metric) ? COUNTED[metric] : undefined;
  const of = (delta: Delta): { total: number; bad: number } => {
    const { total, bad } = counted?.(delta) ?? delta.business.get(metric) ?? { total: 0, bad: 0 };
    return { total, bad };
  };
  return { control: of(control), canary: of(canary) };
}

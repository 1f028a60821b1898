import type { GoldenSignals } from '../signals/golden-signals.js';
import type { AdminSources, AlertState } from './api/sources.js';
import { brief } from './figures.js';

/** A light's figures at one moment; `null` where there was too little to say. */
export type Sample = readonly [
  atMs: number,
  p50: number | null,
  p95: number | null,
  p99: number | null,
  perSecond: number | null,
  errorRatio: number | null,
  saturation: number | null,
  inFlight: number,
];

/** Something happened that may explain what the lines do. */
export interface Marker {
  readonly at: number;
  readonly kind: 'deploy' | 'flag' | 'alert' | 'rollout';
  readonly text: string;
}

const EVERY_MS = 5000;
/** Fifteen minutes. */
const SAMPLES = 180;
const MARKERS = 100;
const PER_SECOND = 4;

type Sources = Pick<AdminSources, 'clock' | 'who' | 'snapshot' | 'flags' | 'alertStates' | 'rollouts'>;

/** The last fifteen minutes, kept from the start, so that whoever opens the page sees what led to now. */
export class History {
  readonly #sources: Sources;
  readonly #samples: Sample[] = [];
  readonly #markers: Marker[] = [];
  readonly #states = new Map<string, string>();
  #stops: readonly (() => void)[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  start(): void {
    if (this.#stops.length > 0) return;
    const { clock, who, flags } = this.#sources;
    this.#mark('deploy', `${who.service} ${who.version} started`);
    this.#stops = [
      clock.every(EVERY_MS, () => this.#sample()),
      flags.onChange(({ key, old, new: now }) => {
        // The first document makes all flags known at once: that is no change that anybody made.
        if (old !== undefined || now?.layer !== undefined) this.#mark('flag', `flag ${key}: ${changeOf(old, now)}`);
      }),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  samples(since = 0): readonly Sample[] {
    return this.#samples.filter(([at]) => at > since);
  }

  markers(since = 0): readonly Marker[] {
    return this.#markers.filter(({ at }) => at > since);
  }

  /** Of the newest sample or marker; 0 before the first. */
  get at(): number {
    return Math.max(this.#samples.at(-1)?.[0] ?? 0, this.#markers.at(-1)?.at ?? 0);
  }

  /** Mean requests per second, `null` in the first minute. */
  get usual(): number | null {
    if (this.#samples.length < 12) return null;
    return this.#samples.reduce((sum, sample) => sum + (sample[PER_SECOND] ?? 0), 0) / this.#samples.length;
  }

  #sample(): void {
    const { clock, snapshot, alertStates, rollouts } = this.#sources;
    this.#samples.push(sampleOf(this.#next(clock.now()), snapshot()));
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    for (const alert of alertStates?.() ?? [])
      this.#watch('alert', nameOf(alert), fires(alert) ? 'fires' : 'quiet', 'quiet');
    for (const { flag, status, stages, stage } of rollouts?.standings() ?? []) {
      this.#watch('rollout', `rollout of ${flag}`, `${status.replace('_', ' ')} at ${stages[stage] ?? 0} %`, undefined);
    }
  }

  /** Marks what was not so at the last look; `rest` is how it is before anybody looked. */
  #watch(kind: Marker['kind'], name: string, state: string, rest: string | undefined): void {
    const before = this.#states.get(name) ?? rest;
    if (this.#states.size < 1000 || this.#states.has(name)) this.#states.set(name, state);
    if (before !== state) this.#mark(kind, `${name}: ${state}`);
  }

  #mark(kind: Marker['kind'], text: string): void {
    this.#markers.push({ at: this.#next(this.#sources.clock.now()), kind, text: text.slice(0, 200) });
    if (this.#markers.length > MARKERS) this.#markers.shift();
  }

  /** Moments only ever grow, also when the wall clock is set back: readers ask for what is newer. */
  #next(nowMs: number): number {
    return Math.max(this.at + 1, Math.round(nowMs));
  }
}

function sampleOf(atMs: number, { latency, traffic, errors, saturation }: GoldenSignals): Sample {
  const { p50, p95, p99 } = latency;
  const { requestsPerSecond, inFlight } = traffic;
  return [
    atMs,
    brief(p50),
    brief(p95),
    brief(p99),
    brief(requestsPerSecond),
    brief(errors.ratio),
    brief(saturation.ratio),
    inFlight,
  ];
}

function fires({ state, muted }: AlertState): boolean {
  return !muted && (state === 'firing' || state === 'recovering');
}

function nameOf({ name, key }: AlertState): string {
  return key === '' ? `alert ${name}` : `alert ${name} of ${key}`;
}

type Flag = ReturnType<AdminSources['flags']['snapshot']>[number];

function changeOf(old: Flag | undefined, now: Flag | undefined): string {
  const [before, after] = [standing(old), standing(now)];
  return before === after ? 'its document changed' : `${before} → ${after}`;
}

function standing(flag: Flag | undefined): string {
  if (flag === undefined) return 'unknown';
  if (flag.layer === 'kill') return 'killed';
  if (flag.layer === 'shed') return 'shed';
  if (flag.layer === 'override') return `always ${JSON.stringify(flag.forced)}`;
  return flag.state === 'DISABLED' ? 'disabled' : 'by its rule';
}

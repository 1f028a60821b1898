import type { FlagState } from '../flags/changes.js';
import type { Moment } from './evidence-family.js';
import type { Sums } from './evidence-sums.js';
import type { Delta } from './guard-counts.js';
import type { Evidence } from './guard-decision.js';
import { type Judged, judged, type Verdict } from './guard-judge.js';
import type { Plan } from './guard-plan.js';
import { type EvidencePoint, GuardHistory } from './guard-state.js';
import { Track } from './guard-track.js';

/** The moment of a look; `percent`: of all users. */
export interface StageMoment extends Moment {
  readonly percent: number;
}

/** What a guard knows of each variant beside the control, since its arm began. */
export class Trial {
  readonly #plan: Plan;
  readonly #intervalMs: number;
  readonly #tracks = new Map<string, Track>();
  readonly #history = new GuardHistory();
  #evidence: Evidence | undefined;

  constructor(plan: Plan, intervalMs: number) {
    this.#plan = plan;
    this.#intervalMs = intervalMs;
  }

  /** The latest; `undefined` before the first look of an arm. */
  get evidence(): Evidence | undefined {
    return this.#evidence;
  }

  tracks(): readonly Track[] {
    return [...this.#tracks.values()];
  }

  history(): readonly EvidencePoint[] {
    return this.#history.read();
  }

  /** Adds what was counted since the last look. Returns what that added to the evidence, by variant. */
  take(control: string, flag: FlagState, deltas: ReadonlyMap<string, Delta>, moment: StageMoment): Map<string, Sums> {
    const others = Object.keys(flag.variants).filter((variant) => variant !== control);
    const share = others.length === 1 ? moment.percent / 100 : 0;
    const added = new Map<string, Sums>();
    for (const variant of others) {
      if (!this.#tracks.has(variant) && !deltas.has(variant)) continue;
      const track = this.#tracks.get(variant) ?? new Track(variant, this.#plan, this.#intervalMs);
      this.#tracks.set(variant, track);
      added.set(variant, track.tick(deltas.get(control), deltas.get(variant), moment, share));
    }
    return added;
  }

  /** What all that comes to. `canaries`: how many variants there are beside the control; `at`: epoch ms. */
  judge(control: string, canaries: number, { tick, stage }: Moment, at: number): Verdict {
    const { alpha, metrics } = this.#plan;
    const question = { tick, stage, alpha, tests: metrics.length * canaries };
    const all: Judged[] = this.tracks().map((track) => ({ track, evidence: track.evidence(question) }));
    this.#evidence = {
      control,
      canaries: Object.fromEntries(all.map(({ track, evidence }) => [track.variant, evidence])),
    };
    this.#history.add(at, this.#evidence);
    return judged(control, all);
  }

  /** What comes next is not what went on before: nothing was looked at in between. */
  interrupted(): void {
    for (const track of this.#tracks.values()) track.interrupted();
  }

  /** Another stage: others are shown the variants from here on. */
  staged(): void {
    for (const track of this.#tracks.values()) track.staged();
  }

  /** Another arm: what was known holds no more. */
  restart(): void {
    this.#tracks.clear();
    this.#evidence = undefined;
  }
}

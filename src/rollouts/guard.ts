import type { Clock } from '../core/clock.js';
import type { FlagState } from '../flags/changes.js';
import type { Sums } from './evidence-sums.js';
import type { Delta, Read } from './guard-counts.js';
import { type Decision, type Evidence, outranks, type Phase, type RolloutEvent } from './guard-decision.js';
import { type Judged, judged, type Verdict } from './guard-judge.js';
import type { Plan } from './guard-plan.js';
import { seconds } from './guard-said.js';
import { GuardHistory, type GuardStanding, type GuardState, type GuardStatus } from './guard-state.js';
import { Track } from './guard-track.js';

/** What a guard does to flags. */
export interface GuardedFlags {
  rollout(key: string, percent: number | undefined): boolean;
  kill(key: string, reason: string): void;
  lift(layer: 'kill', key: string): void;
}

export interface GuardParts {
  readonly clock: Clock;
  readonly flags: GuardedFlags;
  readonly intervalMs: number;
  readonly tell: (event: RolloutEvent) => void;
  /** Hears of each decision of this process. */
  readonly decided: (decision: Decision) => void;
}

/** One look: what the flag is, and what was counted since the last look, or why that is of no use. */
export interface Look {
  readonly flag: FlagState | undefined;
  readonly read: Read;
}

type By = RolloutEvent['by'];

/** Versions of a flag that are remembered as not new. */
const MOST_VERSIONS = 20;

/**
 * The rollout of one flag. Advances on evidence, holds while there is too little of it and says what is missing, takes back
 * what is worse and latches it off until a person or a new version of the flag arms it again. Never throws.
 */
export class Guard {
  readonly key: string;
  readonly plan: Plan;
  readonly #parts: GuardParts;
  readonly #tracks = new Map<string, Track>();
  readonly #history = new GuardHistory();
  #decision: Decision | undefined;
  #version = '';
  /** Monotonic ms of tick 0, and of when the stage began. */
  #tickZeroMs = 0;
  #stageSinceMs = 0;
  #status: GuardStatus = 'idle';
  #missing: readonly string[] = ['nothing has been looked at yet'];
  #evidence: Evidence | undefined;

  constructor(key: string, plan: Plan, parts: GuardParts) {
    this.key = key;
    this.plan = plan;
    this.#parts = parts;
  }

  get decision(): Decision | undefined {
    return this.#decision;
  }

  get tick(): number {
    return Math.max(0, Math.round((this.#parts.clock.monotonic() - this.#tickZeroMs) / this.#parts.intervalMs));
  }

  tracks(): readonly Track[] {
    return [...this.#tracks.values()];
  }

  /** Begins as soon as the flag is known, or begins again with a version of it that has not been seen. */
  meet({ metadata }: FlagState): void {
    this.#version = String(metadata['version'] ?? '');
    const known = this.#decision;
    if (known === undefined) this.#decide(this.#first(0, 'the rollout begins'), 'this process');
    else if (!known.versions.includes(this.#version)) this.#renew(known);
  }

  /** One look at the flag and its counts. Returns what it added to the evidence, by variant. */
  look({ flag, read }: Look): ReadonlyMap<string, Sums> {
    if (flag === undefined) return this.#holds('idle', 'no source has this flag');
    this.meet(flag);
    const phase = this.#decision?.phase;
    if (phase === 'rolled_back') return this.#holds('rolled_back', 'it waits for rearm() or a new version of the flag');
    if (phase === 'done') return this.#holds('done');
    if (flag.layer === 'kill' || flag.layer === 'override') {
      this.#interrupt();
      return this.#holds('holding', `the flag is under ${flag.layer === 'kill' ? 'a kill' : 'an override'}`);
    }
    if ('unusable' in read) {
      this.#interrupt();
      return this.#holds(this.#status === 'idle' ? 'ramping' : this.#status, read.unusable);
    }
    const control = flag.defaultVariant;
    if (control === undefined) return this.#holds('holding', 'the flag has no default variant to compare with');
    const added = this.#take(control, flag, read.deltas);
    this.#judge(control, Object.keys(flag.variants).length - 1);
    return added;
  }

  /** Takes over what another process has decided, or what was stored, where it ranks above what is known. */
  adopt(decision: Decision, by: By = 'fleet'): void {
    if (!outranks(decision, this.#decision)) return;
    this.#enter(decision, by);
  }

  /** Lets a flag that was taken back, or that has arrived, begin at its first stage again. */
  rearm(reason: string, by: By = 'a person'): void {
    const arm = (this.#decision?.arm ?? -1) + 1;
    this.#decide(this.#first(arm, reason), by);
  }

  standing(): GuardStanding {
    const { stage = 0, percent = 0 } = this.#decision ?? {};
    return { flag: this.key, status: this.#status, stages: this.plan.stages, stage, percent };
  }

  state(): GuardState {
    const decision = this.#decision;
    return {
      ...this.standing(),
      version: this.#version,
      since: decision?.at ?? null,
      reason: decision?.reason ?? '',
      missing: this.#missing,
      metrics: this.plan.metrics,
      evidence: decision?.phase === 'rolled_back' ? decision.evidence : this.#evidence,
      history: this.#history.read(),
    };
  }

  /** What was taken back begins anew; what is under way keeps who is in, and its evidence begins anew. */
  #renew(known: Decision): void {
    const reason = `version "${this.#version}" of the flag has come`;
    const first = this.#first(known.arm + 1, reason);
    const { phase, stage, percent } = known;
    this.#decide(phase === 'rolled_back' ? first : { ...first, phase, stage, percent }, 'this process');
  }

  #take(control: string, flag: FlagState, deltas: ReadonlyMap<string, Delta>): Map<string, Sums> {
    const others = Object.keys(flag.variants).filter((variant) => variant !== control);
    const share = others.length === 1 ? (this.#decision?.percent ?? 0) / 100 : 0;
    const moment = { tick: this.tick, stage: this.#decision?.stage ?? 0 };
    const added = new Map<string, Sums>();
    for (const variant of others) {
      if (!this.#tracks.has(variant) && !deltas.has(variant)) continue;
      const track = this.#tracks.get(variant) ?? new Track(variant, this.plan, this.#parts.intervalMs);
      this.#tracks.set(variant, track);
      added.set(variant, track.tick(deltas.get(control), deltas.get(variant), moment, share));
    }
    return added;
  }

  #judge(control: string, canaries: number): void {
    const { alpha, metrics } = this.plan;
    const question = { tick: this.tick, stage: this.#decision?.stage ?? 0, alpha, tests: metrics.length * canaries };
    const all: Judged[] = this.tracks().map((track) => ({ track, evidence: track.evidence(question) }));
    this.#evidence = {
      control,
      canaries: Object.fromEntries(all.map(({ track, evidence }) => [track.variant, evidence])),
    };
    this.#history.add(this.#parts.clock.now(), this.#evidence);
    this.#act(judged(control, all));
  }

  #act({ verdict, reason, bothBad, blocked, lacking }: Verdict): void {
    const decision = this.#decision;
    if (decision === undefined) return;
    if (verdict === 'rollback') {
      this.#decide({ ...decision, ...this.#now(reason), phase: 'rolled_back', percent: 0 }, 'this process');
      return;
    }
    const heldMs = this.#parts.clock.monotonic() - this.#stageSinceMs;
    const { minHoldMs, maxHoldMs, holdbackForMs } = this.plan;
    const full = decision.phase === 'full';
    const leastMs = full ? holdbackForMs : minHoldMs;
    const early = heldMs < leastMs ? [`held for ${seconds(heldMs)} of ${seconds(leastMs)}`] : [];
    this.#missing = [...blocked, ...(full ? [] : lacking), ...early]; // the last stage asks for time alone
    if (bothBad) {
      this.#pause();
      return;
    }
    if (this.#status === 'paused') this.#tellOf('rollout_resumed', 'one of the variants is sound again', 'info');
    if (this.#missing.length === 0) {
      this.#advance(decision);
      return;
    }
    const late = !full && heldMs >= maxHoldMs;
    if (late && this.#status !== 'inconclusive') {
      this.#tellOf('rollout_inconclusive', `undecided for ${seconds(heldMs)}: ${this.#missing.join('; ')}`, 'warning');
    }
    this.#status = late ? 'inconclusive' : full ? 'full' : 'ramping';
  }

  #pause(): void {
    if (this.#status !== 'paused') this.#tellOf('rollout_paused', this.#missing[0] ?? '', 'critical');
    this.#status = 'paused';
  }

  #advance(decision: Decision): void {
    const { stages } = this.plan;
    const last = stages.length - 1;
    const reason = 'enough evidence that nothing is worse';
    if (decision.phase === 'full') {
      this.#decide({ ...decision, ...this.#now(reason), phase: 'done', percent: stages[last] ?? 100 }, 'this process');
      return;
    }
    const stage = Math.min(last, decision.stage + 1);
    this.#decide({ ...decision, ...this.#now(reason), ...this.#standing(stage) }, 'this process');
  }

  /** Phase and percent of a stage: at the last one some stay behind, to be compared with. */
  #standing(stage: number): { stage: number; phase: Phase; percent: number } {
    const { stages, holdback } = this.plan;
    const percent = stages[stage] ?? 0;
    if (stage < stages.length - 1) return { stage, phase: 'ramping', percent };
    return { stage, phase: 'full', percent: Math.min(percent, 100 - holdback) };
  }

  #now(reason: string): { at: number; reason: string; evidence: Evidence | undefined } {
    return { at: this.#parts.clock.now(), reason, evidence: this.#evidence };
  }

  #first(arm: number, reason: string): Decision {
    const at = this.#parts.clock.now();
    const seen = (this.#decision?.versions ?? []).filter((version) => version !== this.#version);
    const versions = [...seen, this.#version].slice(-MOST_VERSIONS);
    const common = { flag: this.key, versions, arm, startedAt: at, at, reason, evidence: undefined };
    return { ...common, ...this.#standing(0) };
  }

  #decide(decision: Decision, by: By): void {
    this.#enter(decision, by);
    this.#parts.decided(decision);
  }

  /** Puts a decision into force here, and tells it. */
  #enter(decision: Decision, by: By): void {
    const before = this.#decision;
    const { clock, flags } = this.#parts;
    const nowMs = clock.monotonic();
    if (before === undefined || before.arm !== decision.arm) {
      this.#tickZeroMs = nowMs - Math.max(0, clock.now() - decision.startedAt);
      this.#tracks.clear();
      this.#evidence = undefined;
    }
    this.#decision = decision;
    this.#stageSinceMs = nowMs;
    for (const track of this.#tracks.values()) track.staged();
    if (decision.phase === 'rolled_back') flags.kill(this.key, `rolled back: ${decision.reason}`);
    else if (before?.phase === 'rolled_back') flags.lift('kill', this.key);
    flags.rollout(this.key, decision.percent);
    this.#status = decision.phase;
    if (decision.phase === 'rolled_back' || decision.phase === 'done') this.#missing = [];
    this.#parts.tell(eventOf(before, decision, by));
  }

  #holds(status: GuardStatus, ...missing: string[]): ReadonlyMap<string, Sums> {
    this.#status = status;
    this.#missing = missing;
    return new Map();
  }

  #interrupt(): void {
    for (const track of this.#tracks.values()) track.interrupted();
  }

  #tellOf(event: RolloutEvent['event'], reason: string, severity: RolloutEvent['severity']): void {
    const percent = this.#decision?.percent ?? 0;
    const about = { flag: this.key, version: this.#version, evidence: this.#evidence, at: this.#parts.clock.now() };
    this.#parts.tell({ ...about, event, from: percent, to: percent, reason, severity, by: 'this process' });
  }
}

function eventOf(before: Decision | undefined, decision: Decision, by: By): RolloutEvent {
  const { flag, percent: to, reason, evidence, versions, at, phase } = decision;
  const from = before?.percent ?? 0;
  const common = { flag, from, to, reason, evidence, by, version: versions.at(-1) ?? '', at };
  if (phase === 'rolled_back') return { ...common, event: 'rollout_rolled_back', severity: 'critical' };
  if (phase === 'done') return { ...common, event: 'rollout_done', severity: 'info' };
  if (before === undefined) return { ...common, event: 'rollout_started', severity: 'info' };
  const armed = before.arm !== decision.arm;
  return { ...common, event: armed ? 'rollout_rearmed' : 'rollout_advanced', severity: 'info' };
}

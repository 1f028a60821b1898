import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import type { FlagState } from '../flags/changes.js';
import type { Sums } from './evidence-sums.js';
import type { Read } from './guard-counts.js';
import { type Decision, outranks } from './guard-decision.js';
import { eventOf, type RolloutEvent } from './guard-event.js';
import type { Verdict } from './guard-judge.js';
import { atStage, type Notice, next } from './guard-next.js';
import type { Plan } from './guard-plan.js';
import type { GuardStanding, GuardState, GuardStatus } from './guard-state.js';
import type { Track } from './guard-track.js';
import { Trial } from './guard-trial.js';

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
  /** Hears of each decision of this process, and has it told: another one may have been first. */
  readonly decided: (event: RolloutEvent) => void;
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
  /** What its decisions bear. */
  readonly decider: string = randomUUID();
  readonly #parts: GuardParts;
  readonly #trial: Trial;
  #decision: Decision | undefined;
  #version = '';
  /** Monotonic ms of tick 0, and of when the stage began. */
  #tickZeroMs = 0;
  #stageSinceMs = 0;
  #status: GuardStatus = 'idle';
  #missing: readonly string[] = ['nothing has been looked at yet'];

  constructor(key: string, plan: Plan, parts: GuardParts) {
    this.key = key;
    this.plan = plan;
    this.#parts = parts;
    this.#trial = new Trial(plan, parts.intervalMs);
  }

  get decision(): Decision | undefined {
    return this.#decision;
  }

  get tick(): number {
    return Math.max(0, Math.round((this.#parts.clock.monotonic() - this.#tickZeroMs) / this.#parts.intervalMs));
  }

  tracks(): readonly Track[] {
    return this.#trial.tracks();
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
      this.#trial.interrupted();
      return this.#holds('holding', `the flag is under ${flag.layer === 'kill' ? 'a kill' : 'an override'}`);
    }
    if ('unusable' in read) {
      this.#trial.interrupted();
      return this.#holds(this.#status === 'idle' ? 'ramping' : this.#status, read.unusable);
    }
    const control = flag.defaultVariant;
    if (control === undefined) return this.#holds('holding', 'the flag has no default variant to compare with');
    const { stage = 0, percent = 0 } = this.#decision ?? {};
    const moment = { tick: this.tick, stage, percent };
    const added = this.#trial.take(control, flag, read.deltas, moment);
    const canaries = Object.keys(flag.variants).length - 1;
    this.#act(this.#trial.judge(control, canaries, moment, this.#parts.clock.now()));
    return added;
  }

  /** Takes over what another process has decided, or what was stored, where it ranks above what is known. */
  adopt(decision: Decision): void {
    if (outranks(decision, this.#decision)) this.#parts.tell(this.#enter(decision, 'fleet'));
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
      evidence: decision?.phase === 'rolled_back' ? decision.evidence : this.#trial.evidence,
      history: this.#trial.history(),
    };
  }

  /** What was taken back begins anew; what is under way keeps who is in, and its evidence begins anew. */
  #renew(known: Decision): void {
    const reason = `version "${this.#version}" of the flag has come`;
    const first = this.#first(known.arm + 1, reason);
    const { phase, stage, percent } = known;
    this.#decide(phase === 'rolled_back' ? first : { ...first, phase, stage, percent }, 'this process');
  }

  #act(verdict: Verdict): void {
    const decision = this.#decision;
    if (decision === undefined) return;
    const { clock } = this.#parts;
    const heldMs = clock.monotonic() - this.#stageSinceMs;
    const standing = { plan: this.plan, decision, status: this.#status, evidence: this.#trial.evidence };
    const { told, decision: further, status, missing } = next({ ...standing, heldMs, at: clock.now() }, verdict);
    for (const notice of told) this.#tell(notice);
    this.#status = status;
    this.#missing = missing;
    if (further !== undefined) this.#decide(further, 'this process');
  }

  #first(arm: number, reason: string): Decision {
    const at = this.#parts.clock.now();
    const seen = (this.#decision?.versions ?? []).filter((version) => version !== this.#version);
    const versions = [...seen, this.#version].slice(-MOST_VERSIONS);
    const common = { flag: this.key, versions, arm, startedAt: at, at, reason, evidence: undefined };
    return { ...common, ...atStage(this.plan, 0) };
  }

  #decide(decision: Decision, by: By): void {
    this.#parts.decided(this.#enter({ ...decision, decider: this.decider }, by));
  }

  /** Puts a decision into force here. Returns how it is told. */
  #enter(decision: Decision, by: By): RolloutEvent {
    const before = this.#decision;
    const { clock, flags } = this.#parts;
    const nowMs = clock.monotonic();
    if (before === undefined || before.arm !== decision.arm) {
      this.#tickZeroMs = nowMs - Math.max(0, clock.now() - decision.startedAt);
      this.#trial.restart();
    }
    this.#decision = decision;
    this.#stageSinceMs = nowMs;
    this.#trial.staged();
    if (decision.phase === 'rolled_back') flags.kill(this.key, `rolled back: ${decision.reason}`);
    else if (before?.phase === 'rolled_back') flags.lift('kill', this.key);
    flags.rollout(this.key, decision.percent);
    this.#status = decision.phase;
    if (decision.phase === 'rolled_back' || decision.phase === 'done') this.#missing = [];
    return eventOf(before, decision, by);
  }

  #holds(status: GuardStatus, ...missing: string[]): ReadonlyMap<string, Sums> {
    this.#status = status;
    this.#missing = missing;
    return new Map();
  }

  #tell(notice: Notice): void {
    const percent = this.#decision?.percent ?? 0;
    const about = {
      flag: this.key,
      version: this.#version,
      evidence: this.#trial.evidence,
      at: this.#parts.clock.now(),
    };
    this.#parts.tell({ ...about, ...notice, from: percent, to: percent, by: 'this process' });
  }
}

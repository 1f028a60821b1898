import type { MetricEvidence } from './evidence.js';

/** Where a rollout stands for everyone. `full`: at its last stage, with a hold-back to compare with. */
export type Phase = 'ramping' | 'full' | 'done' | 'rolled_back';

/** What was decided about a flag, by whichever process. Plain data: it is stored, published and shown. */
export interface Decision {
  readonly flag: string;
  /** The flag's `version` in its metadata, as it was seen, the latest last: one that is in here is not new. */
  readonly versions: readonly string[];
  /** Counts arms: each time that a person or a new version lets a flag that was taken back begin again. */
  readonly arm: number;
  readonly phase: Phase;
  /** Index into the stages. */
  readonly stage: number;
  /** Of all users. */
  readonly percent: number;
  /** When this arm began, epoch ms: ticks are counted from here. */
  readonly startedAt: number;
  /** When it was decided, epoch ms. */
  readonly at: number;
  readonly reason: string;
  readonly evidence: Evidence | undefined;
  /** The guard that decided, by a name that no other has: of two that decide the same, the one that is stored tells it. */
  readonly decider?: string | undefined;
}

/** The numbers that a decision was made of. */
export interface Evidence {
  readonly control: string;
  readonly canaries: Readonly<Record<string, readonly MetricEvidence[]>>;
}

const ARM = 1000;
const PHASES = { ramping: 0, full: 900, done: 901, rolled_back: 999 } as const satisfies Record<Phase, number>;

/** Of two decisions about a flag the one of higher rank holds, in whatever order they come: a later arm, then off, then further on. */
export function rank({ arm, phase, stage }: Decision): number {
  return arm * ARM + (phase === 'ramping' ? stage : PHASES[phase]);
}

export function outranks(one: Decision, other: Decision | undefined): boolean {
  return other === undefined || rank(one) > rank(other);
}

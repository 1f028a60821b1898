import { A_DURATION, type Duration, millisecondsOf } from '../core/duration.js';
import { nearest } from '../core/nearest.js';
import type { FlagMetadata } from '../flags/evaluation.js';
import { TOLERANCE } from './evidence-ratio.js';

/** How a flag is rolled out. What is left out has its default. */
export interface GuardPlan {
  /** Percent, rising. The last is where the rollout ends. @default 1, 5, 25, 50, 100 */
  readonly stages?: readonly number[] | undefined;
  /** No stage is left sooner. @default 2m */
  readonly minHold?: Duration | undefined;
  /** A stage that is undecided for so long is called inconclusive. @default 1h */
  readonly maxHold?: Duration | undefined;
  /** Percent that stay with the default variant at a last stage of 100, to be compared with. @default 5 */
  readonly holdback?: number | undefined;
  /** How long they stay. @default 10m */
  readonly holdbackFor?: Duration | undefined;
  /** A bad rate of up to so many times the control's is accepted. @default 1.5 */
  readonly tolerance?: number | undefined;
  /** The chance that a harmless variant is ever taken back. @default 0.01 */
  readonly alpha?: number | undefined;
  /** `errors`, `latency`, `aborts`, or business metrics whose counts by variant the service hands in. @default errors, latency */
  readonly metrics?: readonly string[] | undefined;
  /** Error ratio above which BOTH variants are called bad: that pauses and pages, and blames no flag. @default 0.05 */
  readonly objective?: number | undefined;
  /** Bad rate below which a variant is promoted without any comparison, for services that have no errors. @default 0.005 */
  readonly mostBad?: number | undefined;
  /** Holds when requests are split otherwise than asked for. For traffic without a few busy users. @default false */
  readonly sampleRatio?: boolean | undefined;
}

/** A plan that is whole and checked. Times in ms. */
export interface Plan {
  readonly stages: readonly number[];
  readonly minHoldMs: number;
  readonly maxHoldMs: number;
  readonly holdback: number;
  readonly holdbackForMs: number;
  readonly tolerance: number;
  readonly alpha: number;
  readonly metrics: readonly string[];
  readonly objective: number;
  readonly mostBad: number;
  readonly sampleRatio: boolean;
}

type Reading = (flag: string, name: string, value: unknown) => number | boolean | readonly number[] | readonly string[];

const KEYS = {
  stages: (flag, name, value) => stagesOf(flag, name, listOf(value)),
  minHold: lasting,
  maxHold: lasting,
  holdback: within(0, 50),
  holdbackFor: lasting,
  tolerance: within(1, 10),
  alpha: within(0.000001, 0.1),
  metrics: (flag, name, value) => namesOf(flag, name, listOf(value)),
  objective: within(0.0001, 1),
  mostBad: within(0.000001, 0.5),
  sampleRatio: (flag, name, value) => (typeof value === 'boolean' ? value : refuse(flag, name, value, 'true or false')),
} as const satisfies Record<keyof GuardPlan, Reading>;

const DEFAULTS: Required<GuardPlan> = {
  stages: [1, 5, 25, 50, 100],
  minHold: '2m',
  maxHold: '1h',
  holdback: 5,
  holdbackFor: '10m',
  tolerance: TOLERANCE,
  alpha: 0.01,
  metrics: ['errors', 'latency'],
  objective: 0.05,
  mostBad: 0.005,
  sampleRatio: false,
};

/** Throws `TypeError`: the flag, the setting, what it got and what it expects. */
export function planOf(flag: string, given: GuardPlan = {}): Plan {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(KEYS, name)) continue;
    const meant = nearest(name, Object.keys(KEYS));
    throw new TypeError(
      `guard of flag "${flag}": no setting "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    );
  }
  const of = <K extends keyof GuardPlan>(name: K) =>
    KEYS[name](flag, name, given[name] ?? DEFAULTS[name]) as ReturnType<(typeof KEYS)[K]>;
  return {
    stages: of('stages'),
    minHoldMs: of('minHold'),
    maxHoldMs: of('maxHold'),
    holdback: of('holdback'),
    holdbackForMs: of('holdbackFor'),
    tolerance: of('tolerance'),
    alpha: of('alpha'),
    metrics: of('metrics'),
    objective: of('objective'),
    mostBad: of('mostBad'),
    sampleRatio: of('sampleRatio'),
  };
}

const PREFIX = 'guard.';

/**
 * The plan in a flag's metadata, which holds scalars alone: `"guard": true`, or `"guard.stages": "5, 25, 100"`,
 * `"guard.minHold": "5m"`. `undefined`: it has none.
 */
export function planInMetadata(metadata: FlagMetadata): GuardPlan | undefined {
  const entries = Object.entries(metadata).filter(([name]) => name.startsWith(PREFIX));
  if (entries.length === 0 && metadata['guard'] !== true) return undefined;
  if (metadata['guard'] === false) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

function listOf(value: unknown): unknown[] {
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  return value.split(',').map((part) => part.trim());
}

function stagesOf(flag: string, name: string, list: readonly unknown[]): number[] {
  const stages = list.map(Number);
  const rising = stages.every((stage, i) => stage > (stages[i - 1] ?? 0) && stage <= 100);
  return rising && stages.length > 0
    ? stages
    : refuse(flag, name, list, 'rising percents up to 100, such as [1, 5, 25, 100]');
}

function namesOf(flag: string, name: string, list: readonly unknown[]): string[] {
  const names = list.filter((each) => typeof each === 'string' && each !== '');
  return names.length === list.length && names.length > 0
    ? (names as string[])
    : refuse(flag, name, list, 'names of metrics');
}

function lasting(flag: string, name: string, value: unknown): number {
  return millisecondsOf(value) ?? refuse(flag, name, value, A_DURATION);
}

function within(least: number, most: number) {
  return (flag: string, name: string, value: unknown): number =>
    typeof value === 'number' && value >= least && value <= most
      ? value
      : refuse(flag, name, value, `${least} to ${most}`);
}

function refuse(flag: string, name: string, value: unknown, expected: string): never {
  throw new TypeError(
    `guard of flag "${flag}": ${name} is ${JSON.stringify(value) ?? String(value)}; expected ${expected}`,
  );
}

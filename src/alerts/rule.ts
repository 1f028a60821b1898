import { type Duration, secondsOf } from '../core/duration.js';
import { type Signal, type SignalName, signals } from './signal.js';

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** `critical` wakes someone up; `warning` waits for the morning; `info` is for the record. */
export type Severity = (typeof SEVERITIES)[number];

export const NO_DATA = ['keep', 'resolve', 'fire'] as const;
export type NoData = (typeof NO_DATA)[number];

interface RuleBase {
  /** Unique; letters, digits and `_`, as Prometheus wants an alert's name: `HighErrorRatio`. */
  readonly name: string;
  /** `critical` wakes someone up, `warning` waits for the morning, `info` is for the record. */
  readonly severity: Severity;
  /** What is watched: `errors.ratio`, `route.latency.p99:POST /checkout`. */
  readonly signal: SignalName;
  /** The answer to "this fires: what do I do?", at least 10 characters. */
  readonly action: string;
  /** What the signal is made of. In the process at most 60 s of a percentile; of ratios and rates up to 1 h. @default 1m */
  readonly window?: Duration | undefined;
  /** How long the value must stay beyond the threshold before it fires. @default 5m */
  readonly for?: Duration | undefined;
  /** How long the value must stay on the safe side before it resolves. @default 2m */
  readonly keepFiringFor?: Duration | undefined;
  /** Requests or calls within the window below which the value says nothing. @default 100 for what is made of requests or calls, else 0 */
  readonly minSamples?: number | undefined;
  /** What an alert that fires does when nothing is known: keeps its state, resolves; `fire` also fires an inactive one. @default `keep` */
  readonly noData?: NoData | undefined;
  /** Address of a page that says more. */
  readonly runbook?: string | undefined;
  /** Whose it is; goes along as a label. */
  readonly owner?: string | undefined;
  /** A cause, such as a full CPU, may not be critical. @default the signal's nature */
  readonly kind?: 'symptom' | 'cause' | undefined;
  /** Names of rules that mute this one while they fire. A critical rule mutes the others on its own signal anyway. */
  readonly inhibitedBy?: readonly string[] | undefined;
}

/** Fires above; holds until the value has come down to `resolveBelow`, by default 8/9 of it (90 % and 80 %). */
interface FiresAbove extends RuleBase {
  /** The threshold; this one or `fireBelow`. */
  readonly fireAbove: number;
  /** The other edge of the band: between the two nothing changes. @default 8/9 of `fireAbove` */
  readonly resolveBelow?: number | undefined;
  readonly fireBelow?: undefined;
  readonly resolveAbove?: undefined;
}

/** Fires below; holds until the value has come up to `resolveAbove`, by default 9/8 of it. */
interface FiresBelow extends RuleBase {
  /** The threshold, for what must not run dry. */
  readonly fireBelow: number;
  /** The other edge of the band. @default 9/8 of `fireBelow` */
  readonly resolveAbove?: number | undefined;
  readonly fireAbove?: undefined;
  readonly resolveBelow?: undefined;
}

/** One definition for the engine in the process and for Prometheus. Ratios 0 to 1, times in seconds. */
export type AlertRule = FiresAbove | FiresBelow;

/** A rule with all its defaults, as the engine and the generators take it. */
export interface SettledRule {
  readonly name: string;
  readonly severity: Severity;
  readonly kind: 'symptom' | 'cause';
  readonly signal: Signal;
  /** Where it fires: `value > fireAt` or `value < fireAt`. It is clear at `value <= resolveAt` or `value >= resolveAt`; between is the band. */
  readonly side: 'above' | 'below';
  readonly fireAt: number;
  readonly resolveAt: number;
  readonly windowSeconds: number;
  readonly forSeconds: number;
  readonly keepFiringForSeconds: number;
  readonly minSamples: number;
  readonly noData: NoData;
  readonly action: string;
  readonly runbook: string | undefined;
  readonly owner: string | undefined;
  readonly inhibitedBy: readonly string[];
}

const WINDOW_S = 60;
const FOR_S = 300;
const KEEP_S = 120;
export const MIN_SAMPLES = 100;

/** Fills in what a rule leaves out. `rule` has passed `lint` without an error, and `signal` is its signal. */
export function settled(rule: AlertRule, signal: Signal): SettledRule {
  const kind = signals[signal.base];
  const above = rule.fireAbove !== undefined;
  const fireAt = above ? rule.fireAbove : rule.fireBelow;
  return {
    name: rule.name,
    severity: rule.severity,
    kind: rule.kind ?? kind.nature,
    signal,
    side: above ? 'above' : 'below',
    fireAt,
    resolveAt: above
      ? (rule.resolveBelow ?? rounded((fireAt * 8) / 9))
      : (rule.resolveAbove ?? rounded((fireAt * 9) / 8)),
    windowSeconds: secondsOf(rule.window) ?? WINDOW_S,
    forSeconds: secondsOf(rule.for) ?? FOR_S,
    keepFiringForSeconds: secondsOf(rule.keepFiringFor) ?? KEEP_S,
    minSamples: rule.minSamples ?? (kind.sampled ? MIN_SAMPLES : 0),
    noData: rule.noData ?? 'keep',
    action: rule.action,
    runbook: rule.runbook,
    owner: rule.owner,
    inhibitedBy: [...(rule.inhibitedBy ?? [])],
  };
}

/** Without the tail of binary fractions, which would stand in rule files. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

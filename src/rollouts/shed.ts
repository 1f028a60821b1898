import type { Clock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import type { Saturation } from '../core/saturation.js';
import type { ChangeListener, FlagState } from '../flags/changes.js';
import { Ladder, type Move, type Rung } from './shed-ladder.js';
import { type ShedPlan, shedPlan } from './shed-plan.js';

/** An ops flag that went off under load, or came back. */
export interface ShedEvent {
  readonly event: 'flag_shed' | 'flag_restored';
  readonly flag: string;
  readonly from: 'on' | 'off';
  readonly to: 'on' | 'off';
  readonly reason: string;
  readonly evidence: { readonly resource: string; readonly ratio: number | null; readonly plan: ShedPlan };
  readonly severity: 'info' | 'warning';
  readonly by: 'this process';
  /** Epoch ms. */
  readonly at: number;
}

export interface ShedFlags {
  snapshot(): readonly FlagState[];
  onChange(listener: ChangeListener): () => void;
  shed(key: string, reason: string): void;
  lift(layer: 'shed', key: string): void;
}

export interface SheddingOptions {
  readonly clock: Clock;
  readonly flags: ShedFlags;
  /** How full resources are: what the saturation monitor saw last. */
  readonly saturation: () => Saturation;
  readonly tell?: ((event: ShedEvent) => void) | undefined;
  /** @default 1000 */
  readonly intervalMs?: number | undefined;
}

const INTERVAL_MS = 1000;

/**
 * Takes what is expensive and can be done without off, flag by flag, while a resource is full, and brings it back after that.
 * Each process for itself: it is its own load that it sheds. Flags are read when they change; a look reads the ops flags alone.
 */
export class Shedding {
  readonly #options: SheddingOptions;
  readonly #ladders = new Map<string, Ladder>();
  readonly #plans = new Map<string, ShedPlan>();
  /** `#plans` by resource; `undefined` when one of them has changed. */
  #rungs: ReadonlyMap<string, readonly Rung[]> | undefined;
  #stops: readonly (() => void)[] = [];

  constructor(options: SheddingOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stops.length > 0) return;
    const { clock, flags, intervalMs = INTERVAL_MS } = this.#options;
    this.#stops = [
      clock.every(intervalMs, () => this.#look()),
      flags.onChange(({ key, new: now }) => this.#met(key, now)),
    ];
    for (const state of flags.snapshot()) this.#met(state.key, state);
  }

  /** Brings back what is off: nobody would do it after that. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    for (const ladder of this.#ladders.values()) for (const flag of ladder.off) this.#options.flags.lift('shed', flag);
    this.#ladders.clear();
    this.#plans.clear();
    this.#rungs = undefined;
  }

  /** What is off under load, by resource, in the order in which it went. */
  off(): Record<string, readonly string[]> {
    return Object.fromEntries([...this.#ladders].map(([resource, ladder]) => [resource, ladder.off]));
  }

  #look(): void {
    this.#rungs ??= byResource(this.#plans);
    const rungs = this.#rungs;
    if (rungs.size === 0 && this.#ladders.size === 0) return;
    const { resources } = this.#options.saturation();
    for (const resource of rungs.keys()) if (!this.#ladders.has(resource)) this.#ladders.set(resource, new Ladder());
    for (const [resource, ladder] of this.#ladders) {
      ladder.set(rungs.get(resource) ?? []);
      const ratio = resources[resource]?.ratio;
      const move = ladder.look(ratio, this.#options.clock.monotonic());
      if (move !== undefined) this.#make(move, ratio);
    }
  }

  #met(flag: string, state: FlagState | undefined): void {
    const plan = state === undefined ? undefined : planOf(state);
    if (plan === undefined && !this.#plans.has(flag)) return;
    if (plan === undefined) this.#plans.delete(flag);
    else this.#plans.set(flag, plan);
    this.#rungs = undefined;
  }

  #make({ what, rung: { flag, plan } }: Move, ratio: number | undefined): void {
    const { clock, flags, tell } = this.#options;
    const shed = what === 'shed';
    const full = ratio === undefined ? '' : `${plan.resource} at ${Math.round(ratio * 100)} %`;
    const reason = shed
      ? `${full}, more than ${plan.above * 100} % for ${plan.forMs / 1000} s`
      : `${full}, there is room again`;
    if (shed) flags.shed(flag, reason);
    else flags.lift('shed', flag);
    tell?.({
      event: shed ? 'flag_shed' : 'flag_restored',
      flag,
      from: shed ? 'on' : 'off',
      to: shed ? 'off' : 'on',
      reason,
      evidence: { resource: plan.resource, ratio: ratio ?? null, plan },
      severity: shed ? 'warning' : 'info',
      by: 'this process',
      at: clock.now(),
    });
  }
}

function byResource(plans: ReadonlyMap<string, ShedPlan>): Map<string, Rung[]> {
  const rungs = new Map<string, Rung[]>();
  for (const [flag, plan] of plans) {
    const known = rungs.get(plan.resource) ?? [];
    known.push({ flag, plan });
    rungs.set(plan.resource, known);
  }
  return rungs;
}

/** One under a kill or an override is not shed: a person has decided. */
function planOf({ key, metadata, layer }: FlagState): ShedPlan | undefined {
  if (layer === 'kill' || layer === 'override') return undefined;
  try {
    return shedPlan(key, metadata);
  } catch (cause) {
    diagnostics.warn(`rollouts.shed.${key.slice(0, 80)}`, `the flag is never shed: ${messageOf(cause)}`, cause);
    return undefined;
  }
}

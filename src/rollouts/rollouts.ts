import { atOnce } from '../core/at-once.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { guard as guarded } from '../core/guard.js';
import type { FlagState } from '../flags/changes.js';
import { declared } from './declared.js';
import { Fleet } from './fleet.js';
import { Guard } from './guard.js';
import { type BusinessTotals, CountsReader, type Read, type VariantTotals } from './guard-counts.js';
import type { Decision } from './guard-decision.js';
import type { RolloutEvent } from './guard-event.js';
import { businessMetrics, uncounted } from './guard-metrics.js';
import { type GuardPlan, planInMetadata, planOf } from './guard-plan.js';
import type { GuardStanding, GuardState } from './guard-state.js';
import type { RolloutsOptions } from './rollouts-options.js';
import { Shedding, type ShedEvent } from './shed.js';
import { Stall } from './stall.js';

const INTERVAL_MS = 10_000;
/** Guards of one process; more flags than that are not rolled out at a time. */
const MAX_GUARDS = 100;

interface Guarded {
  readonly guard: Guard;
  readonly counts: CountsReader;
  readonly fleet: Fleet | undefined;
  readonly ofMetadata: boolean;
}

/** All guarded rollouts of a process, looked at from one timer. Throws `TypeError` when built with a plan that cannot be. */
export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #intervalMs: number;
  readonly #guards = new Map<string, Guarded>();
  readonly #stall: Stall;
  readonly #shedding: Shedding | undefined;
  #cancel: (() => void) | undefined;
  #unlisten: (() => void) | undefined;

  constructor(options: RolloutsOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS;
    this.#stall = new Stall(options.clock, this.#intervalMs);
    const { clock, flags, saturation } = options;
    if (saturation !== undefined) {
      this.#shedding = new Shedding({ clock, flags, saturation, tell: (event) => this.#tell(event) });
    }
    for (const [key, plan] of Object.entries(options.plans ?? {})) planOf(key, plan);
  }

  start(): void {
    if (this.#cancel !== undefined) return;
    const { clock, flags, store } = this.#options;
    if (store !== undefined) {
      const news = (decision: Decision): void => this.#guards.get(decision.flag)?.guard.adopt(decision);
      guarded('start of rollouts store', () => store.start(news, () => this.#back()));
    }
    this.#cancel = clock.every(this.#intervalMs, () => this.#tick());
    this.#shedding?.start();
    for (const plans of [Object.entries(this.#options.plans ?? {}), declared.plans]) {
      for (const [key, plan] of plans) this.guard(key, plan);
    }
    declared.heard.add(this.#declared);
    this.#unlisten = flags.onChange((change) => change.new !== undefined && this.#met(change.new));
    for (const state of flags.snapshot()) this.#met(state);
  }

  /** Rollouts stay where they are; what was shed comes back. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#shedding?.stop();
    this.#unlisten?.();
    declared.heard.delete(this.#declared);
    this.#cancel = undefined;
    for (const { fleet } of this.#guards.values()) fleet?.stop();
    await this.#options.store?.stop();
  }

  /** Throws `TypeError` for a plan that cannot be. A flag that is guarded already keeps its plan. */
  guard(key: string, plan: GuardPlan = {}): void {
    this.#add(key, plan, false);
    const state = this.#flag(key);
    if (state !== undefined) this.#met(state);
  }

  readonly #declared = (key: string, plan: GuardPlan): void => this.guard(key, plan);

  /** Lets a flag that was taken back begin at its first stage again. False: no such flag is guarded. */
  rearm(key: string, reason = 'a person armed it again'): boolean {
    const found = this.#guards.get(key);
    found?.guard.rearm(reason);
    return found !== undefined;
  }

  states(): GuardState[] {
    return [...this.#guards.values()].map(({ guard }) => guard.state());
  }

  /** Of one flag; `undefined`: it is not guarded. */
  state(key: string): GuardState | undefined {
    return this.#guards.get(key)?.guard.state();
  }

  /** Where each rollout stands, without evidence and its history. */
  standings(): GuardStanding[] {
    return [...this.#guards.values()].map(({ guard }) => guard.standing());
  }

  /** Percent of all users by flag: what a scrape asks for, without evidence and its history. */
  shares(): { readonly flag: string; readonly percent: number }[] {
    return [...this.#guards].map(([flag, { guard }]) => ({ flag, percent: guard.decision?.percent ?? 0 }));
  }

  /** Ops flags that are off under load, by resource. */
  shed(): Record<string, readonly string[]> {
    return this.#shedding?.off() ?? {};
  }

  /** The store is there, for the first time or again: it hears what is known here, and says what it knows. */
  #back(): void {
    for (const [key, { fleet }] of this.#guards) {
      if (fleet?.loaded === true) void fleet.assert();
      else if (fleet !== undefined) this.#open(key, fleet);
    }
  }

  #add(key: string, given: GuardPlan, ofMetadata: boolean): void {
    const plan = planOf(key, given);
    if (this.#guards.has(key)) return;
    if (this.#guards.size >= MAX_GUARDS) {
      diagnostics.drop('rollouts', 'guard_cap');
      diagnostics.warn('rollouts.cap', `more than ${MAX_GUARDS} flags are guarded: "${key}" is not`);
      return;
    }
    const { clock, flags, store } = this.#options;
    const tell = (event: RolloutEvent): void => this.#tell(event);
    const guard: Guard = new Guard(key, plan, {
      clock,
      flags,
      intervalMs: this.#intervalMs,
      tell,
      decided: (event) => (fleet === undefined ? tell(event) : fleet.decided(event)),
    });
    const fleet = store === undefined ? undefined : new Fleet({ store, guard, clock, tell });
    const counts = new CountsReader(businessMetrics(plan.metrics));
    const problem = uncounted(key, plan.metrics, this.#options.business !== undefined);
    if (problem !== undefined) diagnostics.warn(`rollouts.metrics.${key.slice(0, 80)}`, problem);
    this.#guards.set(key, { guard, counts, fleet, ofMetadata });
    counts.read(this.#seriesOf(key), (metric) => this.#business(key, metric)); // from here on it counts
    if (fleet === undefined) return;
    flags.rollout(key, 0); // off, as long as nobody knows whether it was taken back
    this.#open(key, fleet);
  }

  /** Asks the store what was decided, and begins the rollout once that is known. */
  #open(key: string, fleet: Fleet): void {
    void fleet.load().then(() => {
      const state = this.#flag(key);
      if (fleet.loaded && state !== undefined) this.#met(state);
    });
  }

  /** A flag has come or changed: its rollout begins before any request sees it. */
  #met(state: FlagState): void {
    this.#ofMetadata(state);
    const found = this.#guards.get(state.key);
    if (found !== undefined && found.fleet?.loaded !== false && state.source !== 'none') found.guard.meet(state);
  }

  #ofMetadata({ key, metadata }: FlagState): void {
    const given = planInMetadata(metadata);
    const known = this.#guards.get(key);
    try {
      if (given !== undefined && known === undefined) this.#add(key, given, true);
    } catch (cause) {
      diagnostics.warn(`rollouts.plan.${key.slice(0, 80)}`, `the flag is not guarded: ${messageOf(cause)}`, cause);
    }
    if (given !== undefined || known === undefined || !known.ofMetadata) return;
    if (known.guard.decision?.phase === 'rolled_back') return;
    this.#guards.delete(key); // its plan was taken away: the document has its say again
    this.#options.flags.rollout(key, undefined);
  }

  #tick(): void {
    const late = this.#stall.late();
    const flags = new Map(this.#options.flags.snapshot().map((state) => [state.key, state]));
    for (const state of flags.values()) this.#ofMetadata(state);
    const series = this.#series();
    for (const [key, { counts }] of this.#guards) {
      if (late !== undefined) counts.restart();
      guarded(`rollout of flag "${key}"`, () => this.#look(key, flags.get(key), series, late));
    }
  }

  #series(): readonly VariantTotals[] {
    try {
      return this.#options.variants.series();
    } catch (cause) {
      diagnostics.report('rollouts.variants', cause);
      return [];
    }
  }

  #look(key: string, state = this.#flag(key), series = this.#series(), late?: string): void {
    const found = this.#guards.get(key);
    if (found === undefined) return;
    const { guard, counts, fleet } = found;
    if (fleet?.loaded === false) {
      this.#open(key, fleet);
      return;
    }
    const read: Read = counts.read(this.#seriesOf(key, series), (metric) => this.#business(key, metric));
    const added = guard.look({
      flag: state?.source === 'none' ? undefined : state,
      read: late === undefined ? read : { unusable: late },
    });
    const { decision } = guard;
    if (fleet === undefined || decision === undefined) return;
    void fleet.assert();
    for (const track of guard.tracks()) void fleet.share(track, added.get(track.variant) ?? {}, decision);
  }

  #seriesOf(key: string, series = this.#series()): VariantTotals[] {
    return series.filter(({ flag }) => flag === key);
  }

  #business(key: string, metric: string): readonly BusinessTotals[] {
    try {
      return atOnce('rollouts.business', this.#options.business?.(key, metric)) ?? [];
    } catch (cause) {
      diagnostics.report('rollouts.business', cause);
      return [];
    }
  }

  #flag(key: string): FlagState | undefined {
    return this.#options.flags.snapshot().find((state) => state.key === key);
  }

  #tell(event: RolloutEvent | ShedEvent): void {
    for (const sink of this.#options.events ?? []) guarded('rollouts.events', () => sink(event));
  }
}

import type { Clock } from '../core/clock.js';
import type { Saturation } from '../core/saturation.js';
import type { GuardedFlags } from './guard.js';
import type { BusinessTotals, VariantTotals } from './guard-counts.js';
import type { RolloutEvent } from './guard-event.js';
import type { GuardPlan } from './guard-plan.js';
import type { ShedEvent, ShedFlags } from './shed.js';
import type { RolloutStore } from './stores/store.js';

/** The client of flags, as guards use it. */
export interface RolloutFlags extends GuardedFlags, Omit<ShedFlags, 'lift'> {
  lift(layer: 'kill' | 'shed', key: string): void;
}

export type EventSink = (event: RolloutEvent | ShedEvent) => unknown;

export interface RolloutsOptions {
  readonly clock: Clock;
  readonly flags: RolloutFlags;
  /** Totals by variant since the start of the process. */
  readonly variants: { series(): readonly VariantTotals[] };
  /** How full resources are, for ops flags. Left out, none is ever shed. */
  readonly saturation?: (() => Saturation) | undefined;
  /** Where processes decide as one. @default each for itself */
  readonly store?: RolloutStore | undefined;
  /** Told of every step: log, alert, counter, webhook. What one throws is reported and harms no other. */
  readonly events?: readonly EventSink[] | undefined;
  /** Plans by flag, beside those of `guard()` and of metadata. */
  readonly plans?: Readonly<Record<string, GuardPlan>> | undefined;
  /** Bad events by variant, since the start, of business metrics that plans name. */
  readonly business?: ((flag: string, metric: string) => readonly BusinessTotals[]) | undefined;
  /** Time between two looks, ms. @default 10000 */
  readonly intervalMs?: number | undefined;
}

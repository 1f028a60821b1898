import type { BusinessTotals } from '../rollouts/guard-counts.js';
import type { GuardPlan } from '../rollouts/guard-plan.js';
import type { RolloutStore } from '../rollouts/stores/store.js';
import type { Writer } from '../rollouts/writers/writer.js';

/** Guarded rollouts: their plans, where a fleet decides, and where decisions are written. */
export interface RolloutOptions {
  /** Where processes decide as one: `redis(client)` of `fourlights/redis`. @default none: each decides for itself */
  readonly store?: RolloutStore | undefined;
  /** Plans by flag; those of `guard()` and of flags' metadata come on top. @default none */
  readonly plans?: Readonly<Record<string, GuardPlan>> | undefined;
  /** Where decisions are written to: `rolloutWriters.webhook(...)`, `.unleash(...)`, `['flagd-file'](...)`. @default none */
  readonly writers?: readonly Writer[] | undefined;
  /** Bad events by variant, since the start, of the business metrics that plans name. @default none */
  readonly business?: ((flag: string, metric: string) => readonly BusinessTotals[]) | undefined;
  /** Time between two looks at the evidence, ms. @default 10000 */
  readonly intervalMs?: number | undefined;
  /** The Prometheus that `/verdict` asks about versions. @default none: it judges flags alone */
  readonly prometheus?: string | undefined;
}

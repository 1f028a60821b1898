import type { RolloutEvent } from '../guard-event.js';
import type { ShedEvent } from '../shed.js';

export type AnyEvent = RolloutEvent | ShedEvent;

/** Carries decisions to where flags are kept, or to whoever wants to know. Owns what it opens. */
export interface Writer {
  /** For people: `webhook https://hooks.example/rollouts`. Never with credentials. */
  readonly name: string;
  /** Whether this step means anything there. */
  wants(event: AnyEvent): boolean;
  /** Rejects when it was not taken. Writing a step twice is the same as once. */
  write(event: AnyEvent, signal: AbortSignal): Promise<void>;
  close?(): void;
}

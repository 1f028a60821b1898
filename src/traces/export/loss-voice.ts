import type { Clock } from '../../core/clock.js';
import type { Diagnostics } from '../../core/diagnostics.js';

export type Teller = Pick<Diagnostics, 'warn' | 'drop'>;

/** A failure that a second attempt heals is nobody's business. With `LOOK_MS` it stays under ten seconds. */
const PATIENCE_MS = 5000;
/** Without loss and without failure for so long, it has recovered: a queue that overflows empties in between. */
const CALM_MS = 5000;
const QUIET_MS = 60_000;
const LOOK_MS = 1000;

interface Trouble {
  sinceMs: number;
  reason: string;
  lost: number;
  /** The last failure or loss has been followed by a delivery at this time. */
  calmSinceMs: number | undefined;
  told: boolean;
}

/**
 * Says when spans begin to be lost or to pile up, naming the receiver and the reason, and says when it is over. One
 * warning per spell of trouble and at most one a minute; a recovery is told if the trouble was.
 */
export class LossVoice {
  #trouble: Trouble | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #stopLooking: (() => void) | undefined;
  readonly #where: string;
  readonly #code: string;
  readonly #clock: Clock;
  readonly #teller: Teller;

  constructor(receiver: { readonly name: string; readonly endpoint: string }, clock: Clock, teller: Teller) {
    this.#where = `${receiver.name} at ${receiver.endpoint}`;
    this.#code = `traces.export.${receiver.name}`;
    this.#clock = clock;
    this.#teller = teller;
  }

  /** An attempt that began at `sinceMs` has failed, or has had no answer for a long time; nothing is lost yet. */
  failing(reason: string, sinceMs: number = this.#clock.monotonic()): void {
    this.#troubled(reason, sinceMs);
  }

  lost(reason: string, count: number): void {
    this.#troubled(reason, this.#clock.monotonic()).lost += count;
    this.#look();
  }

  /** Somebody has waited for all to be sent, in vain. The process may end now, so this is told at once. */
  unsent(reason: string): void {
    const now = this.#clock.monotonic();
    const trouble = this.#troubled(reason, now);
    trouble.sinceMs = Math.min(trouble.sinceMs, now - PATIENCE_MS);
    this.#look();
  }

  /** A batch was taken whole. */
  delivered(): void {
    if (this.#trouble !== undefined) this.#trouble.calmSinceMs ??= this.#clock.monotonic();
  }

  stop(): void {
    this.#stopLooking?.();
    this.#stopLooking = undefined;
  }

  #troubled(reason: string, sinceMs: number): Trouble {
    this.#trouble ??= { sinceMs, reason, lost: 0, calmSinceMs: undefined, told: false };
    this.#trouble.reason = reason;
    this.#trouble.calmSinceMs = undefined;
    this.#stopLooking ??= this.#clock.every(LOOK_MS, () => this.#look());
    return this.#trouble;
  }

  #look(): void {
    const trouble = this.#trouble;
    if (trouble === undefined) return;
    const now = this.#clock.monotonic();
    if (trouble.calmSinceMs !== undefined) {
      if (now - trouble.calmSinceMs >= CALM_MS) this.#over(trouble, now);
      return;
    }
    const grave = trouble.lost > 0 || now - trouble.sinceMs >= PATIENCE_MS;
    if (trouble.told || !grave || now - this.#toldMs < QUIET_MS) return;
    trouble.told = true;
    this.#toldMs = now;
    const what = trouble.lost > 0 ? `spans are being lost (${trouble.lost} so far)` : 'spans cannot be delivered';
    this.#teller.warn(`${this.#code}.failing`, `${what}: ${this.#where}: ${trouble.reason}`);
  }

  #over(trouble: Trouble, now: number): void {
    this.#trouble = undefined;
    this.stop();
    if (!trouble.told) return;
    const seconds = Math.round((now - trouble.sinceMs) / 1000);
    const what = `spans are delivered again: ${this.#where}`;
    this.#teller.warn(`${this.#code}.recovered`, `${what}; ${trouble.lost} were lost in ${seconds} s`);
  }
}

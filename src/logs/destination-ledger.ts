import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';

const QUIET_MS = 60_000;

/**
 * Counts what became of the lines, and tells when loss starts and when it ends. A reader that is slightly too slow loses
 * and recovers many times a minute: further episodes within a minute are only counted, and the next one told includes them.
 */
export class Ledger {
  readonly #tell: (text: string) => void;
  readonly #clock: Clock;
  #written = 0;
  #dropped = 0;
  #accounted = 0;
  #inTrouble = false;
  #toldThisOne = false;
  #silent = false;
  #lastToldMs = Number.NEGATIVE_INFINITY;

  constructor(tell: (text: string) => void, clock: Clock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  get written(): number {
    return this.#written;
  }

  get dropped(): number {
    return this.#dropped;
  }

  wrote(lines: number): void {
    this.#written += lines;
  }

  drop(lines: number, reason: string): void {
    this.count(lines, reason);
    this.trouble(`log lines are being dropped and counted (${reason})`);
  }

  /** Counts a loss that is told in another way. */
  count(lines: number, reason: string): void {
    if (lines === 0) return;
    this.#dropped += lines;
    diagnostics.drop('logs', reason, lines);
  }

  /** Lines do not get through. Told once until `recovered`. */
  trouble(what: string): void {
    if (this.#inTrouble) return;
    this.#inTrouble = true;
    const at = this.#clock.monotonic();
    this.#toldThisOne = at - this.#lastToldMs >= QUIET_MS;
    if (!this.#toldThisOne) return;
    this.#lastToldMs = at;
    this.#tell(what);
  }

  /** Everything that was kept has got through. */
  recovered(): void {
    if (!this.#inTrouble) return;
    this.#inTrouble = false;
    if (this.#toldThisOne) this.#tell(`log lines get through again; ${this.#unaccounted()} were dropped meanwhile`);
  }

  /** The last word: what was dropped, or is about to be, and has not been told. */
  farewell(pending: number): void {
    const lost = this.#unaccounted() + pending;
    if (lost > 0 && !this.#silent) this.#tell(`${lost} log lines did not get through before the end`);
  }

  /** Nobody will read the log again. Told even in the midst of trouble, and the last thing that is told: drops are only counted now. */
  gone(code: string): void {
    this.#inTrouble = true;
    this.#silent = true;
    this.#tell(`nobody reads the log any more (${code}): its lines are dropped and counted`);
  }

  #unaccounted(): number {
    const lost = this.#dropped - this.#accounted;
    this.#accounted = this.#dropped;
    return lost;
  }
}

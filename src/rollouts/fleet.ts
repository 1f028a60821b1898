import { after } from '../core/after.js';
import type { Clock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { blockOf, KEPT_RESTARTS, Ledger, type Sums } from './evidence-sums.js';
import type { Guard } from './guard.js';
import type { Decision } from './guard-decision.js';
import type { RolloutEvent } from './guard-event.js';
import type { Track } from './guard-track.js';
import type { RolloutStore } from './stores/store.js';

/** What this process has counted and the fleet does not know yet. */
interface Unsent {
  readonly waiting: Ledger;
  flying: boolean;
}

/** So long a step waits for the store to say who was first; after that it is told as one of this process. */
const SILENT_MS = 1000;

export interface FleetParts {
  readonly store: RolloutStore;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly tell: (event: RolloutEvent) => void;
}

/**
 * One guard's dealings with the store. While the store is away the guard goes on with what the fleet knew last and what
 * this process counts; what it could not send waits, added up, and a decision is repeated until it is stored.
 */
export class Fleet {
  readonly #store: RolloutStore;
  readonly #guard: Guard;
  readonly #clock: Clock;
  readonly #tell: (event: RolloutEvent) => void;
  /** Steps that were decided here, in order, until it is known who was first. */
  readonly #untold = new Set<RolloutEvent>();
  #unsent = new WeakMap<Track, Unsent>();
  #deciding = false;
  #loaded = false;
  #loading = false;

  constructor({ store, guard, clock, tell }: FleetParts) {
    this.#store = store;
    this.#guard = guard;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** False until the store has answered once: before that nobody knows whether the flag was taken back. */
  get loaded(): boolean {
    return this.#loaded;
  }

  async load(): Promise<void> {
    if (this.#loaded || this.#loading) return;
    this.#loading = true;
    try {
      const decision = await this.#store.load(this.#guard.key);
      this.#loaded = true;
      if (decision !== undefined) this.#guard.adopt(decision);
    } catch (cause) {
      this.#away(cause);
    } finally {
      this.#loading = false;
    }
  }

  /** A step that was decided here: of all processes that decide the same at once, the one that is stored tells it as its own. */
  decided(event: RolloutEvent): void {
    this.#untold.add(event);
    after(this.#clock, SILENT_MS, () => this.#settle([event], true));
    void this.assert();
  }

  /** What waits to be told is told. */
  stop(): void {
    this.#settle([...this.#untold], true);
  }

  /** Repeats the decision in force: it may be that the store has lost it, or knows one that ranks higher. */
  async assert(): Promise<void> {
    const { decision } = this.#guard;
    if (decision === undefined || this.#deciding) return;
    this.#deciding = true;
    const asked = [...this.#untold];
    try {
      const stored = await this.#store.decide(decision);
      const isOwn = stored.decider === undefined || stored.decider === this.#guard.decider; // better told twice than never
      this.#settle(asked, isOwn);
      this.#guard.adopt(stored);
    } catch (cause) {
      this.#settle(asked, true);
      this.#away(cause);
    } finally {
      this.#deciding = false;
    }
    if (this.#guard.decision !== decision) await this.assert();
  }

  /** Sends what one look added, and takes over what all processes have. Never rejects. */
  async share(track: Track, increments: Sums, { arm }: Decision): Promise<void> {
    const unsent = this.#unsent.get(track) ?? { waiting: new Ledger(), flying: false };
    this.#unsent.set(track, unsent);
    unsent.waiting.add(increments);
    if (unsent.flying) return;
    unsent.flying = true;
    const sent = unsent.waiting.read();
    unsent.waiting.clear();
    try {
      const oldest = blockOf(this.#guard.tick) - KEPT_RESTARTS + 1;
      const all = await this.#store.add(`${this.#guard.key}/${arm}/${track.variant}`, sent, oldest);
      track.sums.clear();
      track.sums.add(all);
      track.sums.add(unsent.waiting.read());
    } catch (cause) {
      this.#away(cause); // the store keeps what was sent
    } finally {
      unsent.flying = false;
    }
  }

  #settle(events: readonly RolloutEvent[], isOwn: boolean): void {
    for (const event of events) if (this.#untold.delete(event)) this.#tell(isOwn ? event : { ...event, by: 'fleet' });
  }

  #away(cause: unknown): void {
    diagnostics.drop('rollouts', 'store_away');
    const says = `the store ${this.#store.name} does not answer: ${messageOf(cause)}; rollouts go on with what is known here`;
    diagnostics.warn('rollouts.store', says, cause);
  }
}

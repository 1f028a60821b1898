import { diagnostics, messageOf } from '../core/diagnostics.js';
import { blockOf, KEPT_RESTARTS, Ledger, type Sums } from './evidence-sums.js';
import type { Guard } from './guard.js';
import type { Decision } from './guard-decision.js';
import type { Track } from './guard-track.js';
import type { RolloutStore } from './stores/store.js';

/** What this process has counted and the fleet does not know yet. */
interface Unsent {
  readonly waiting: Ledger;
  flying: boolean;
}

/**
 * One guard's dealings with the store. While the store is away the guard goes on with what the fleet knew last and what
 * this process counts; what it could not send waits, added up, and a decision is repeated until it is stored.
 */
export class Fleet {
  readonly #store: RolloutStore;
  readonly #guard: Guard;
  #unsent = new WeakMap<Track, Unsent>();
  #deciding = false;
  #loaded = false;
  #loading = false;

  constructor(store: RolloutStore, guard: Guard) {
    this.#store = store;
    this.#guard = guard;
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

  /** Repeats the decision in force: it may be that the store has lost it, or knows one that ranks higher. */
  async assert(): Promise<void> {
    const { decision } = this.#guard;
    if (decision === undefined || this.#deciding) return;
    this.#deciding = true;
    try {
      this.#guard.adopt(await this.#store.decide(decision));
    } catch (cause) {
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

  #away(cause: unknown): void {
    diagnostics.drop('rollouts', 'store_away');
    const says = `the store ${this.#store.name} does not answer: ${messageOf(cause)}; rollouts go on with what is known here`;
    diagnostics.warn('rollouts.store', says, cause);
  }
}

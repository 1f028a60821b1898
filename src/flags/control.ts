import type { Clock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { type ChangeListener, Changes, changedKeys, type FlagState } from './changes.js';
import { type FlagMetadata, type FlagValue, kindOf, NO_METADATA } from './evaluation.js';
import type { FlagSet } from './flag-set.js';
import { type Layer, Overlay } from './overlay.js';
import { stateOf } from './state.js';

/** What people and guards do to flags in this process, and who hears of what has changed. */
export class Control {
  readonly overlay: Overlay;
  readonly #serving: () => FlagSet;
  readonly #changes = new Changes();

  /** `serving`: the set in force, asked for whenever it is needed. */
  constructor(clock: Clock, serving: () => FlagSet) {
    this.#serving = serving;
    this.overlay = new Overlay(clock, (key) => this.lift('override', key));
  }

  off(layer: 'kill' | 'shed', key: string, reason: string): void {
    this.#around(key, () => this.overlay.off(layer, key, reason, this.#metadata(key)));
  }

  override(key: string, value: FlagValue, ttlMs: number): void {
    if (kindOf(value) === undefined) {
      diagnostics.drop('flags', 'override_refused');
      diagnostics.warn(
        'flags.override',
        `flag "${key}" cannot be overridden by ${messageOf(value)}: it is no value of a flag`,
      );
      return;
    }
    this.#around(key, () => this.overlay.override(key, value, this.#variantOf(key, value), ttlMs, this.#metadata(key)));
  }

  lift(layer: Layer, key: string): void {
    this.#around(key, () => this.overlay.lift(layer, key));
  }

  onChange(key: string | undefined, listener: ChangeListener): () => void {
    return this.#changes.listen(key, listener);
  }

  /** Tells what differs, once `next` is in force. */
  replaced(before: FlagSet, next: FlagSet): void {
    if (!this.#changes.heard) return;
    for (const key of changedKeys(before, next)) {
      this.#changes.tell({ key, old: stateOf(key, before, this.overlay), new: stateOf(key, next, this.overlay) });
    }
  }

  snapshot(): FlagState[] {
    const keys = new Set([...this.#serving().flags.keys(), ...this.overlay.keys()]);
    return [...keys].flatMap((key) => stateOf(key, this.#serving(), this.overlay) ?? []);
  }

  #around(key: string, work: () => void): void {
    const old = stateOf(key, this.#serving(), this.overlay);
    work();
    if (this.#changes.heard) this.#changes.tell({ key, old, new: stateOf(key, this.#serving(), this.overlay) });
  }

  #metadata(key: string): FlagMetadata {
    return this.#serving().flags.get(key)?.definition?.metadata ?? NO_METADATA;
  }

  /** An override that is one of the flag's variants counts as that variant. */
  #variantOf(key: string, value: FlagValue): string | undefined {
    const variants = this.#serving().flags.get(key)?.definition?.variants ?? [];
    return [...variants].find(([, known]) => known === value)?.[0];
  }
}

import { guard } from '../core/guard.js';
import { alike } from './definition.js';
import type { FlagMetadata, FlagValue } from './evaluation.js';
import type { FlagSet } from './flag-set.js';
import type { Layer } from './overlay.js';

/** One flag as it stands, for people and tools: plain data. */
export interface FlagState {
  readonly key: string;
  /** Where it comes from: a source's name. */
  readonly source: string;
  readonly state: 'ENABLED' | 'DISABLED';
  /** What stands above the document, if anything does. */
  readonly layer: Layer | undefined;
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly defaultVariant: string | undefined;
  /** The rule with its references resolved, as flagd writes it. */
  readonly targeting: unknown;
  readonly metadata: FlagMetadata;
  /** What that gives: `false` for who asks a flag that is off for a boolean. */
  readonly forced: FlagValue | undefined;
}

/** `old` or `new` is `undefined` where the flag was, or is, unknown. */
export interface FlagChange {
  readonly key: string;
  readonly old: FlagState | undefined;
  readonly new: FlagState | undefined;
}

export type ChangeListener = (change: FlagChange) => void;

/** Who wants to hear of changes, and of which flags. A listener that throws is reported and harms no other. */
export class Changes {
  readonly #ofAll = new Set<ChangeListener>();
  readonly #ofOne = new Map<string, Set<ChangeListener>>();

  get heard(): boolean {
    return this.#ofAll.size > 0 || this.#ofOne.size > 0;
  }

  listen(key: string | undefined, listener: ChangeListener): () => void {
    const listeners = key === undefined ? this.#ofAll : (this.#ofOne.get(key) ?? new Set());
    listeners.add(listener);
    if (key !== undefined) this.#ofOne.set(key, listeners);
    return () => {
      listeners.delete(listener);
      if (key !== undefined && listeners.size === 0) this.#ofOne.delete(key);
    };
  }

  tell(change: FlagChange): void {
    for (const listener of [...(this.#ofOne.get(change.key) ?? []), ...this.#ofAll]) {
      guard('flags.onChange', () => listener(change));
    }
  }
}

/** The flags that answer otherwise in `next` than in `before`. */
export function changedKeys(before: FlagSet, next: FlagSet): string[] {
  const keys = new Set([...before.flags.keys(), ...next.flags.keys()]);
  return [...keys].filter((key) => {
    const [old, now] = [before.flags.get(key), next.flags.get(key)];
    if (old === undefined || now === undefined) return true;
    if (old.definition === undefined || now.definition === undefined) return old.definition !== now.definition;
    return !alike(old.definition, now.definition);
  });
}

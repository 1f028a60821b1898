import type { Clock } from '../core/clock.js';
import type { FlagKind, FlagMetadata, FlagValue } from './evaluation.js';
import { Outcome } from './outcome.js';

/** What stands above the document, the strongest first: a kill, an override, a flag that is shed under load. */
export type Layer = 'kill' | 'override' | 'shed';

interface Entry {
  readonly layer: Layer;
  /** Off, for who asks for a boolean; an override has its value here, whoever asks. */
  readonly outcome: Outcome;
  /** For all others: their fallback. */
  readonly otherwise: Outcome;
  readonly cancel: (() => void) | undefined;
}

const LAYERS: readonly Layer[] = ['kill', 'override', 'shed'];
const REASONS = { kill: 'KILLED', shed: 'OPS_SHED' } as const;
/** The longest that a timer can wait, ms: 24 days. */
const MAX_TTL_MS = 2 ** 31 - 1;

/** Decisions of this process about single flags. They pass at once, also within a request that has begun. */
export class Overlay {
  readonly #clock: Clock;
  readonly #expired: (key: string) => void;
  readonly #layers: Readonly<Record<Layer, Map<string, Entry>>> = {
    kill: new Map(),
    override: new Map(),
    shed: new Map(),
  };
  /** The strongest entry of each flag: all that a check looks at. */
  readonly #strongest = new Map<string, Entry>();

  /** `expired`: the time of an override is up; whoever is told lifts it. */
  constructor(clock: Clock, expired: (key: string) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  get size(): number {
    return this.#strongest.size;
  }

  of(key: string, kind: FlagKind): Outcome | undefined {
    const entry = this.#strongest.get(key);
    if (entry === undefined) return undefined;
    return kind === 'boolean' || entry.layer === 'override' ? entry.outcome : entry.otherwise;
  }

  /** What stands above the document, and what it gives. */
  strongest(key: string): { readonly layer: Layer; readonly outcome: Outcome } | undefined {
    return this.#strongest.get(key);
  }

  keys(): Iterable<string> {
    return this.#strongest.keys();
  }

  off(layer: 'kill' | 'shed', key: string, errorMessage: string, flagMetadata: FlagMetadata): void {
    const facts = { reason: REASONS[layer], errorMessage, flagMetadata };
    const outcome = new Outcome(key, { ...facts, value: false });
    this.#put(key, { layer, outcome, otherwise: new Outcome(key, facts), cancel: undefined });
  }

  override(
    key: string,
    value: FlagValue,
    variant: string | undefined,
    ttlMs: number,
    flagMetadata: FlagMetadata,
  ): void {
    const outcome = new Outcome(key, { value, variant, reason: 'OVERRIDE', flagMetadata });
    const cancel = Number.isFinite(ttlMs)
      ? this.#clock.every(Math.min(Math.max(ttlMs, 1), MAX_TTL_MS), () => this.#expired(key))
      : undefined;
    this.#put(key, { layer: 'override', outcome, otherwise: outcome, cancel });
  }

  lift(layer: Layer, key: string): void {
    this.#layers[layer].get(key)?.cancel?.();
    if (this.#layers[layer].delete(key)) this.#settle(key);
  }

  stop(): void {
    for (const { cancel } of this.#layers.override.values()) cancel?.();
  }

  #put(key: string, entry: Entry): void {
    const entries = this.#layers[entry.layer];
    entries.get(key)?.cancel?.();
    entries.set(key, entry);
    this.#settle(key);
  }

  #settle(key: string): void {
    const entry = LAYERS.map((layer) => this.#layers[layer].get(key)).find((found) => found !== undefined);
    if (entry === undefined) this.#strongest.delete(key);
    else this.#strongest.set(key, entry);
  }
}

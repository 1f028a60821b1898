import { GRID_POINTS, logMeanExp, weighedLogE } from './evidence-ratio.js';

/** Vectors by name that only ever add: of ticks, of processes, of both. What a fleet exchanges. */
export type Sums = Readonly<Record<string, readonly number[]>>;

/** Ticks between two restarts: a regression that comes late must not undo hours of good behaviour first. */
export const BLOCK_TICKS = 30;
/** Restarts that are kept besides the very first; to drop one is always valid. */
export const KEPT_RESTARTS = 36;

/** What the very first copy weighs; copy i weighs (1 - FIRST) / (i (i + 1)), so that all there may ever be weigh 1. */
const FIRST = 0.75;
/** Adds named vectors, and forgets what no restart needs any more. Pure numbers, bounded. */
export class Ledger {
  readonly #vectors = new Map<string, Float64Array>();

  add(sums: Sums): void {
    for (const [name, values] of Object.entries(sums)) {
      const known = this.#vectors.get(name);
      if (known === undefined) this.#vectors.set(name, Float64Array.from(values));
      else for (let i = 0; i < known.length; i++) known[i] = (known[i] as number) + (values[i] ?? 0);
    }
  }

  get empty(): boolean {
    return this.#vectors.size === 0;
  }

  of(name: string): ArrayLike<number> | undefined {
    return this.#vectors.get(name);
  }

  /** How many vectors are named `name@...`. */
  countOf(name: string): number {
    let count = 0;
    for (const key of this.#vectors.keys()) if (key.startsWith(`${name}@`)) count++;
    return count;
  }

  /** Forgets the blocks that are older than the oldest restart that is kept at `block`. */
  trim(block: number): void {
    this.forget(block - KEPT_RESTARTS + 1);
  }

  /** Forgets blocks before `oldest`. */
  forget(oldest: number): void {
    for (const key of this.#vectors.keys()) if (isBefore(key, oldest)) this.#vectors.delete(key);
  }

  clear(): void {
    this.#vectors.clear();
  }

  read(): Record<string, number[]> {
    return Object.fromEntries([...this.#vectors].map(([name, values]) => [name, [...values]]));
  }

  /**
   * The log of the e-value of `name` at `block`: copies of the same test, one begun with each block, weighted so that all
   * that may ever begin add up to 1. Copy `i` has seen what was added since block `i`; what has not begun counts 1.
   */
  logE(name: string, block: number): number {
    const all = this.#vectors.get(name);
    if (all === undefined) return 0;
    const terms = [Math.log(FIRST) + weighedLogE(all), Math.log((1 - FIRST) / (block + 1))];
    const since = new Float64Array(GRID_POINTS);
    for (let i = block; i > Math.max(0, block - KEPT_RESTARTS); i--) {
      const added = this.#vectors.get(blockName(name, i));
      if (added !== undefined)
        for (let j = 0; j < GRID_POINTS; j++) since[j] = (since[j] as number) + (added[j] as number);
      terms.push(weighedLogE(since) + Math.log((1 - FIRST) / (i * (i + 1))));
    }
    return logMeanExp(terms) + Math.log(terms.length);
  }
}

export function blockOf(tick: number): number {
  return Math.floor(tick / BLOCK_TICKS);
}

export function blockName(name: string, block: number): string {
  return `${name}@${block}`;
}

const BLOCK = /^ratio\..*@(\d+)$/;

/** Whether `key` holds a block that is older than `oldest`. */
export function isBefore(key: string, oldest: number): boolean {
  const block = BLOCK.exec(key)?.[1];
  return block !== undefined && Number(block) < oldest;
}

import type { Reading } from '../../core/saturation.js';

/** How a pool stands. */
export interface PoolReading {
  /** Connections that somebody works with. */
  readonly used: number;
  readonly idle: number;
  /** Callers, or requests, that wait for one. */
  readonly waiting: number;
  /** Connections there may be; `Infinity` where there is no limit, 0 where there can be none now. */
  readonly max: number;
}

/** Reads pools of one make. Keeps no pool alive: it is handed the pool each time. */
export interface PoolReader {
  /** Throws when a field it needs is not there any more. */
  read(pool: object): PoolReading;
  close?(pool: object): void;
}

/**
 * One make of pools, told by its shape: drivers are never imported. `open` answers `undefined` for another make, and must
 * not change the pool, save for listeners that `close` takes off again.
 */
export interface PoolKind {
  /** How it is called in the message about an unknown pool. */
  readonly title: string;
  open(pool: object): PoolReader | undefined;
}

export const IDLE: PoolReading = { used: 0, idle: 0, waiting: 0, max: Number.POSITIVE_INFINITY };

/** (used + waiting) / max: above 1 when demand queues. Without a limit 0; where there can be no connection, the number that waits. */
export function fullness({ used, waiting, max }: PoolReading): number {
  return max > 0 ? (used + waiting) / max : waiting;
}

/** Of two parts of one pool the one nearer to its limit; of two without a limit the busier. */
export function fullerOf(a: PoolReading, b: PoolReading): PoolReading {
  const difference = fullness(b) - fullness(a) || b.used + b.waiting - (a.used + a.waiting) || b.idle - a.idle;
  return difference > 0 ? b : a;
}

export function poolReading(reading: PoolReading): Reading {
  const { used, idle, waiting, max } = reading;
  const limit = Number.isFinite(max) ? { max_count: max } : {};
  return {
    ratio: fullness(reading),
    readings: { used_count: used, idle_count: idle, waiting_count: waiting, ...limit },
  };
}

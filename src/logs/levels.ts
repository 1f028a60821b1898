/** pino's level names and numbers; a threshold lets its own level and all above through. */
export const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

/** pino's levels, from the lowest. */
export type LevelName = keyof typeof LEVELS;
/** The lowest level that is written; `silent` writes none. */
export type Threshold = LevelName | 'silent';

export const THRESHOLDS: readonly Threshold[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function isThreshold(value: unknown): value is Threshold {
  return typeof value === 'string' && THRESHOLDS.some((name) => name === value);
}

export function numberOf(threshold: Threshold): number {
  return threshold === 'silent' ? Number.POSITIVE_INFINITY : LEVELS[threshold];
}

export function nameOf(level: number): Threshold {
  return THRESHOLDS.find((name) => numberOf(name) === level) ?? 'silent';
}

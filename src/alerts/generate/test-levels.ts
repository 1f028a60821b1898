import type { SettledRule } from '../rule.js';
import { type SignalKind, signals } from '../signal.js';

/** Values of a rule's signal that show what it does. */
export interface Levels {
  readonly beyond: number;
  /** Between the thresholds; `undefined` where both are one. */
  readonly band: number | undefined;
  readonly clear: number;
}

/** Of a rule that can never fire, as of an error ratio above 1, nothing. */
export function levels(rule: SettledRule): Levels | undefined {
  const { side, fireAt, resolveAt } = rule;
  const [least, most] = range(rule);
  const gap = Math.abs(fireAt - resolveAt);
  const reach = gap > 0 ? gap / 2 : Math.max(Math.abs(fireAt) * 0.1, 0.01);
  const up = (from: number): number => Math.min(from + reach, (from + most) / 2);
  const down = (from: number): number => Math.max(from - reach, (from + least) / 2);
  if (side === 'above' ? fireAt >= most : fireAt <= least) return undefined;
  return {
    beyond: side === 'above' ? up(fireAt) : down(fireAt),
    band: gap > 0 ? (fireAt + resolveAt) / 2 : undefined,
    clear: side === 'above' ? down(resolveAt) : up(resolveAt),
  };
}

/** Only a share has an upper end: a saturation above 1 is a queue, and a multiple of the last hour has none. */
function range({ signal, fireAt, resolveAt }: SettledRule): readonly [number, number] {
  const { unit, sampled }: SignalKind = signals[signal.base];
  const isShare = unit === 'ratio' && (sampled || signal.base === 'dependency.hitRatio');
  const isSigned = unit === 'any' && Math.min(fireAt, resolveAt) < 0;
  return [isSigned ? Number.NEGATIVE_INFINITY : 0, isShare ? 1 : Number.POSITIVE_INFINITY];
}

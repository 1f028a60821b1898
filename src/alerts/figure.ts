import type { SettledRule } from './rule.js';
import { signals } from './signal.js';

/** A value of the rule's signal as people read it: 0.0523 of a ratio is `5.23 %`. */
export function figure(value: number, { signal }: Pick<SettledRule, 'signal'>): string {
  const { unit } = signals[signal.base];
  const digits = (number: number): string => String(Number(number.toPrecision(3)));
  if (unit === 'ratio') return `${digits(value * 100)} %`;
  if (unit === 'seconds') return value < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
  return unit === 'per second' ? `${digits(value)}/s` : digits(value);
}

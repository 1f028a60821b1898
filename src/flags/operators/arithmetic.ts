import type { Operator, Rule } from '../rule.js';
import type { Scope } from '../scope.js';
import { numeric } from './comparison.js';

/** What comes out must be a number: a division by nothing has no answer. */
function sound(result: number): number {
  if (!Number.isFinite(result)) throw new RangeError('no number comes out of this');
  return result;
}

function folded(
  name: string,
  least: number,
  alone: (a: number) => number,
  step: (a: number, b: number) => number,
): Operator {
  return (_args, compiling) => {
    const parts = compiling.parts().map(({ run }) => run);
    const [head, ...tail] = parts;
    if (head === undefined || parts.length < least) {
      if (name === '+' || name === '*') return () => (name === '+' ? 0 : 1);
      compiling.warn(`${name} takes ${least} or more values`);
      return () => {
        throw new TypeError(`${name} takes ${least} or more values`);
      };
    }
    if (tail.length === 0) return (scope) => sound(alone(numeric(head(scope))));
    return (scope) => {
      let result = numeric(head(scope));
      for (let i = 0; i < tail.length; i++) result = step(result, numeric((tail[i] as Rule)(scope)));
      return sound(result);
    };
  };
}

function divided(a: number, b: number): number {
  if (b === 0) throw new RangeError('division by zero');
  return a / b;
}

/** Of numbers alone: a text that looks like one is none here. */
function extreme(name: string, better: (a: number, b: number) => boolean): Operator {
  return (_args, compiling) => {
    const parts = compiling.parts().map(({ run }) => run);
    const at = (index: number, scope: Scope): number => {
      const value = parts[index]?.(scope);
      if (typeof value !== 'number') throw new TypeError(`${name} takes numbers`);
      return value;
    };
    return (scope) => {
      let best = at(0, scope);
      for (let i = 1; i < parts.length; i++) {
        const value = at(i, scope);
        if (better(value, best)) best = value;
      }
      return best;
    };
  };
}

const same = (a: number): number => a;

export const arithmetic = {
  '+': folded('+', 1, same, (a, b) => a + b),
  '-': folded(
    '-',
    1,
    (a) => -a,
    (a, b) => a - b,
  ),
  '*': folded('*', 1, same, (a, b) => a * b),
  '/': folded('/', 1, (a) => divided(1, a), divided),
  '%': folded('%', 2, same, (a, b) => a % b),
  min: extreme('min', (a, b) => a < b),
  max: extreme('max', (a, b) => a > b),
} as const satisfies Record<string, Operator>;

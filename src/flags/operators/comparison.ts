import type { Compiling, Operator, Part, Rule } from '../rule.js';

type Test = (a: unknown, b: unknown) => boolean;

/** The number that a value stands for. Throws for what stands for none: a rule that compares nonsense has no answer. */
export function numeric(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'object' || typeof value === 'function') throw new TypeError('a list or object is no number');
  const number = Number(value);
  if (Number.isNaN(number)) throw new TypeError('not a number');
  return number;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === null;
}

/** Null equals null alone; numbers in texts count as numbers; two texts are compared as they are. */
function looseEqual(a: unknown, b: unknown): boolean {
  if (isText(a) && isText(b)) return a === b;
  const left = numeric(a); // also what is no number at all is told apart here
  const right = a === null && typeof b === 'string' ? 0 : numeric(b);
  if (a === null || b === null) return a === b;
  return left === right;
}

function inOrder(test: (a: number | string, b: number | string) => boolean): Test {
  return (a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return test(a, b);
    if (isText(a) && isText(b)) return test(Number(a ?? 0), Number(b ?? 0)); // NaN is in no order
    return test(numeric(a), numeric(b));
  };
}

function comparison(name: string, test: Test): Operator {
  return (args, compiling) => {
    const parts = args.map((_arg, index) => compiling.part(index));
    const [left, right] = parts;
    if (left === undefined || right === undefined) {
      compiling.warn(`${name} compares nothing: it takes two values`);
      return () => {
        throw new TypeError(`${name} takes two values`);
      };
    }
    warnOfNothing(name, left, right, compiling);
    return parts.length === 2 ? pair(left, right, test) : chain(parts, test);
  };
}

function pair(left: Part, right: Part, test: Test): Rule {
  const [a, b] = [left.run, right.run];
  return (scope) => test(a(scope), b(scope));
}

/** Every neighbouring pair, up to the first that fails. */
function chain(parts: readonly Part[], test: Test): Rule {
  return (scope) => {
    let previous = (parts[0] as Part).run(scope);
    for (let i = 1; i < parts.length; i++) {
      const current = (parts[i] as Part).run(scope);
      if (!test(previous, current)) return false;
      previous = current;
    }
    return true;
  };
}

const equal: Operator = (args, compiling) => {
  const parts = args.map((_arg, index) => compiling.part(index));
  const [left, right] = parts;
  if (parts.length !== 2 || left === undefined || right === undefined)
    return comparison('==', looseEqual)(args, compiling);
  warnOfNothing('==', left, right, compiling);
  if (typeof right.fixed === 'string') return equalsText(left.run, right.fixed);
  return typeof left.fixed === 'string' ? equalsText(right.run, left.fixed) : pair(left, right, looseEqual);
};

function equalsText(run: Rule, text: string): Rule {
  return (scope) => {
    const value = run(scope);
    return typeof value === 'string' ? value === text : looseEqual(value, text);
  };
}

/** What is missing is null, and null equals neither of these: most who write this expect otherwise. */
function warnOfNothing(name: string, left: Part, right: Part, compiling: Compiling): void {
  if (name !== '==' && name !== '!=') return;
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const { fixed } = one;
    if (other.fixed === undefined && (fixed === 0 || fixed === false || fixed === '')) {
      compiling.warn(`${name} ${JSON.stringify(fixed)}: an attribute that is missing is null, which does not equal it`);
    }
  }
}

export const comparisons = {
  '==': equal,
  '!=': comparison('!=', (a, b) => !looseEqual(a, b)),
  '===': comparison('===', (a, b) => a === b),
  '!==': comparison('!==', (a, b) => a !== b),
  '<': comparison(
    '<',
    inOrder((a, b) => a < b),
  ),
  '<=': comparison(
    '<=',
    inOrder((a, b) => a <= b),
  ),
  '>': comparison(
    '>',
    inOrder((a, b) => a > b),
  ),
  '>=': comparison(
    '>=',
    inOrder((a, b) => a >= b),
  ),
} as const satisfies Record<string, Operator>;

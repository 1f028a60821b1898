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
  return (_args, compiling) => {
    const parts = compiling.parts();
    const [left, right] = parts;
    if (left === undefined || right === undefined) {
      compiling.warn(`${name} compares nothing: it takes two values`);
      return () => {
        throw new TypeError(`${name} takes two values`);
      };
    }
    warnOfNothing(name, left, right, compiling);
    return parts.length === 2
      ? pair(left.run, right.run, test)
      : chain(
          parts.map(({ run }) => run),
          test,
        );
  };
}

function pair(left: Rule, right: Rule, test: Test): Rule {
  return (scope) => test(left(scope), right(scope));
}

/** Every neighbouring pair, up to the first that fails. */
function chain(parts: readonly Rule[], test: Test): Rule {
  return (scope) => {
    let previous = (parts[0] as Rule)(scope);
    for (let i = 1; i < parts.length; i++) {
      const current = (parts[i] as Rule)(scope);
      if (!test(previous, current)) return false;
      previous = current;
    }
    return true;
  };
}

const looselyEqual = comparison('==', looseEqual);

const equal: Operator = (args, compiling) => {
  if (args.length !== 2) return looselyEqual(args, compiling);
  const left = compiling.part(0);
  const right = compiling.part(1);
  warnOfNothing('==', left, right, compiling);
  if (typeof right.fixed === 'string') return equalsText(left.run, right.fixed);
  return typeof left.fixed === 'string' ? equalsText(right.run, left.fixed) : pair(left.run, right.run, looseEqual);
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
  if ((left.fixed === undefined) === (right.fixed === undefined)) return;
  const fixed = left.fixed ?? right.fixed;
  if (fixed === 0 || fixed === false || fixed === '')
    compiling.warn(`${name} ${JSON.stringify(fixed)}: an attribute that is missing is null, which does not equal it`);
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

import type { Operator, Part, Rule } from '../rule.js';
import { type Comparison, comparisonOf, comparisons, type Version, version } from '../semver.js';
import { nothingOf } from './text.js';

/** `[version, operator, version]`; null where one of the three cannot be read. */
const semVer: Operator = (args, compiling) => {
  const [left, operator, right] = args.map((_arg, index) => compiling.part(index));
  if (args.length !== 3 || left === undefined || operator === undefined || right === undefined) {
    compiling.warn('sem_ver takes a version, an operator and a version');
    return nothingOf(args.length, compiling);
  }
  if (operator.fixed !== undefined && comparisonOf(operator.fixed) === undefined) {
    compiling.warn(`sem_ver knows ${Object.keys(comparisons).join(' ')}`, 1);
  }
  return compared(left.run, reading(left), operator.run, comparisonOf(operator.fixed), right.run, reading(right));
};

type Reading = (given: unknown) => Version | undefined;

function compared(
  left: Rule,
  readLeft: Reading,
  operator: Rule,
  fixed: Comparison | undefined,
  right: Rule,
  readRight: Reading,
): Rule {
  return (scope) => {
    const compare = fixed ?? comparisonOf(operator(scope));
    if (compare === undefined) return null;
    const x = readLeft(left(scope));
    const y = readRight(right(scope));
    return x === undefined || y === undefined ? null : compare(x, y);
  };
}

/** Versions of the context that are kept read; there are few of one program about. */
const MAX_KEPT = 500;

/** A version that stands in the rule is read at load; one of the context, when it is first seen. */
function reading({ fixed }: Part): Reading {
  if (fixed !== undefined) {
    const known = version(fixed);
    return () => known;
  }
  const kept = new Map<unknown, Version>();
  return (given) => {
    const known = kept.get(given);
    if (known !== undefined) return known;
    const read = version(given);
    if (read === undefined) return undefined; // it may be of any length
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(given, read);
    return read;
  };
}

export const versions = { sem_ver: semVer } as const satisfies Record<string, Operator>;

import type { Operator, Rule } from '../rule.js';
import { type Comparison, comparisonOf, comparisons, type Version, version } from '../semver.js';
import { nothingOf } from './text.js';

/** `[version, operator, version]`; null where one of the three cannot be read. */
const semVer: Operator = (args, compiling) => {
  if (args.length !== 3) {
    compiling.warn('sem_ver takes a version, an operator and a version');
    return nothingOf(compiling);
  }
  const operator = compiling.part(1);
  const compare = comparisonOf(operator.fixed);
  if (operator.fixed !== undefined && compare === undefined) {
    compiling.warn(`sem_ver knows ${Object.keys(comparisons).join(' ')}`, 1);
  }
  const left = compiling.part(0).run;
  const right = compiling.part(2);
  const known = right.fixed === undefined ? undefined : read(right.fixed);
  if (compare !== undefined && known !== undefined) return comparedWith(left, compare, known);
  return compared(left, operator.run, right.run);
};

/** As most are written: with an operator and a version that stand in the rule. */
function comparedWith(left: Rule, compare: Comparison, known: Version): Rule {
  return (scope) => {
    const given = read(left(scope));
    return given === undefined ? null : compare(given, known);
  };
}

function compared(left: Rule, operator: Rule, right: Rule): Rule {
  return (scope) => {
    const compare = comparisonOf(operator(scope));
    if (compare === undefined) return null;
    const x = read(left(scope));
    const y = read(right(scope));
    return x === undefined || y === undefined ? null : compare(x, y);
  };
}

/** Versions that have been seen are kept read, for all rules together; there are few of one program about. */
const MAX_KEPT = 500;
const kept = new Map<unknown, Version>();

function read(given: unknown): Version | undefined {
  const known = kept.get(given);
  if (known !== undefined) return known;
  const made = version(given);
  if (made === undefined) return undefined; // it may be of any length
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(given, made);
  return made;
}

export const versions = { sem_ver: semVer } as const satisfies Record<string, Operator>;

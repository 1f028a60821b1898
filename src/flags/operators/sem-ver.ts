import type { Operator, Part } from '../rule.js';
import { comparisonOf, comparisons, type Version, version } from '../semver.js';

/** `[version, operator, version]`; null where one of the three cannot be read. */
const semVer: Operator = (args, compiling) => {
  const [left, operator, right] = args.map((_arg, index) => compiling.part(index));
  if (args.length !== 3 || left === undefined || operator === undefined || right === undefined) {
    compiling.warn('sem_ver takes a version, an operator and a version');
    return () => null;
  }
  if (operator.fixed !== undefined && comparisonOf(operator.fixed) === undefined) {
    compiling.warn(`sem_ver knows ${Object.keys(comparisons).join(' ')}`, 1);
  }
  const [a, b] = [reading(left), reading(right)];
  const fixed = comparisonOf(operator.fixed);
  return (scope) => {
    const compare = fixed ?? comparisonOf(operator.run(scope));
    if (compare === undefined) return null;
    const [x, y] = [a(left.run(scope)), b(right.run(scope))];
    return x === undefined || y === undefined ? null : compare(x, y);
  };
};

/** A version that stands in the rule is read at load; one of the context, whenever it differs from the last. */
function reading({ fixed }: Part): (given: unknown) => Version | undefined {
  if (fixed !== undefined) {
    const known = version(fixed);
    return () => known;
  }
  let last: unknown;
  let known: Version | undefined;
  return (given) => {
    if (given !== last) {
      known = version(given);
      last = given;
    }
    return known;
  };
}

export const versions = { sem_ver: semVer } as const satisfies Record<string, Operator>;

import { type Compiling, type Operator, type Part, type Rule, truthy } from '../rule.js';

const not: Operator = (_args, compiling) => {
  const { run } = compiling.part(0);
  return (scope) => !truthy(run(scope));
};

const sure: Operator = (_args, compiling) => {
  const { run } = compiling.part(0);
  return (scope) => truthy(run(scope));
};

/** Gives the value that decides: the first that is `deciding`, else the last. */
function first(deciding: boolean): Operator {
  return (args, compiling) => {
    const parts = args.map((_arg, index) => compiling.part(index).run);
    return (scope) => {
      let value: unknown = null;
      for (let i = 0; i < parts.length; i++) {
        value = (parts[i] as Rule)(scope);
        if (truthy(value) === deciding) return value;
      }
      return value;
    };
  };
}

interface Branch {
  readonly test: Rule;
  readonly result: Rule;
}

/** `[condition, then, condition, then, ..., else]`; without an else, null. */
const when: Operator = (args, compiling) => {
  const parts = args.map((_arg, index) => compiling.part(index));
  const [only] = parts;
  if (only === undefined) return () => null;
  if (parts.length === 1) return only.run;
  const otherwise = parts.length % 2 === 1 ? (parts.at(-1) as Part).run : () => null;
  const branches: Branch[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    branches.push({ test: (parts[i] as Part).run, result: (parts[i + 1] as Part).run });
  }
  return compiling.trace === undefined ? taken(branches, otherwise) : explained(branches, otherwise, compiling);
};

/** Apart from the operator, so that the rule holds on to nothing of what it was compiled from. */
function taken(branches: readonly Branch[], otherwise: Rule): Rule {
  const [branch] = branches;
  if (branches.length === 1 && branch !== undefined) {
    const { test, result } = branch;
    return (scope) => (truthy(test(scope)) ? result(scope) : otherwise(scope));
  }
  return (scope) => {
    for (let i = 0; i < branches.length; i++) {
      const { test, result } = branches[i] as Branch;
      if (truthy(test(scope))) return result(scope);
    }
    return otherwise(scope);
  };
}

/** Says which of its arguments it gave: a result or, where no condition held, the else. */
function explained(branches: readonly Branch[], otherwise: Rule, { trace, path }: Compiling): Rule {
  return (scope) => {
    const at = branches.findIndex(({ test }) => truthy(test(scope)));
    const result = (branches[at]?.result ?? otherwise)(scope);
    trace?.({ path: `${path}[${at === -1 ? 2 * branches.length : 2 * at + 1}]`, operator: 'branch', result });
    return result;
  };
}

export const logic = {
  '!': not,
  '!!': sure,
  and: first(false),
  or: first(true),
  if: when,
  '?:': when,
} as const satisfies Record<string, Operator>;

import { type Compiling, type Operator, type Rule, truthy } from '../rule.js';

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
  return (_args, compiling) => {
    const parts = compiling.parts().map(({ run }) => run);
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

/** `[condition, then, condition, then, ..., else]`; without an else, null. */
const when: Operator = (_args, compiling) => {
  const parts = compiling.parts().map(({ run }) => run);
  if (parts.length % 2 === 0) parts.push(nothing);
  return compiling.trace === undefined ? taken(parts) : explained(parts, compiling);
};

const nothing: Rule = () => null;

/** Apart from the operator, so that the rule holds on to nothing of what it was compiled from. */
function taken(parts: readonly Rule[]): Rule {
  const otherwise = parts.length - 1;
  return (scope) => {
    for (let at = 0; at < otherwise; at += 2)
      if (truthy((parts[at] as Rule)(scope))) return (parts[at + 1] as Rule)(scope);
    return (parts[otherwise] as Rule)(scope);
  };
}

/** Says which of its arguments it gave: a result or, where no condition held, the else. */
function explained(parts: readonly Rule[], { trace, path }: Compiling): Rule {
  return (scope) => {
    let at = 0;
    while (at < parts.length - 1 && !truthy((parts[at] as Rule)(scope))) at += 2;
    if (at < parts.length - 1) at++;
    const result = (parts[at] as Rule)(scope);
    trace?.({ path: `${path}[${at}]`, operator: 'branch', result });
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

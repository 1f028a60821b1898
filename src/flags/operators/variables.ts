import { type Compiling, type Json, type Operator, type Rule, RuleFault } from '../rule.js';
import { attribute, ownValue, type Scope, wholeContext } from '../scope.js';
import { asText, textOf } from './text.js';

/** `user.name` is two steps; `\.` is a dot within a name. */
export function steps(path: string): string[] {
  if (path !== '' && !path.includes('.') && !path.includes('\\')) return [path];
  const found: string[] = [];
  let current = '';
  for (let i = 0; i < path.length; i++) {
    const next = path[i + 1];
    if (path[i] === '\\' && (next === '.' || next === '/' || next === '\\')) current += path[++i];
    else if (path[i] === '.') {
      found.push(current);
      current = '';
    } else current += path[i];
  }
  if (found.length !== path.length) found.push(current); // `.` alone is one empty name
  return found;
}

/** What the path leads to; `undefined` where it ends before. Own properties alone. */
type Reader = (scope: Scope, path: readonly string[]) => unknown;

function fromItem(scope: Scope, path: readonly string[]): unknown {
  let value = scope.item;
  for (let i = 0; i < path.length && value !== undefined; i++) value = ownValue(value, path[i] as string);
  return value;
}

function fromContext(scope: Scope, path: readonly string[]): unknown {
  let value = attribute(scope, path[0] as string);
  for (let i = 1; i < path.length && value !== undefined; i++) value = ownValue(value, path[i] as string);
  return value;
}

function flagd(flagKey: string): Reader {
  return (scope, path) => {
    if (path.length === 1) return { flagKey, timestamp: scope.seconds() };
    if (path.length > 2) return undefined;
    if (path[1] === 'flagKey') return flagKey;
    return path[1] === 'timestamp' ? scope.seconds() : undefined;
  };
}

function readerOf(path: readonly string[], { withinItem, flagKey }: Compiling): Reader {
  if (withinItem) return fromItem;
  return path[0] === '$flagd' ? flagd(flagKey) : fromContext;
}

function pathOf(written: Json, compiling: Compiling): readonly string[] {
  if (typeof written === 'string' && written.startsWith('../')) {
    throw new RuleFault(
      compiling.path,
      written,
      'there is no way out of a list',
      'use an attribute of the element itself',
    );
  }
  return steps(String(written));
}

/** Functions are no data. */
function given(value: unknown): unknown {
  return value === undefined || typeof value === 'function' ? null : value;
}

const variable: Operator = (args, compiling) => {
  const name = args[0] ?? null;
  if (args.length > 2) {
    throw new RuleFault(compiling.path, args, 'var takes a path and a default', 'write {"var": ["path", default]}');
  }
  const read =
    typeof name === 'object' && name !== null ? computed(compiling.part(0).run, compiling) : written(name, compiling);
  return args.length < 2 ? read : or(read, compiling.part(1).run);
};

function or(read: Rule, otherwise: Rule): Rule {
  return (scope) => read(scope) ?? otherwise(scope);
}

function written(name: Json, compiling: Compiling): Rule {
  if (name === null || name === '') return whole(compiling);
  const path = pathOf(name, compiling);
  const first = path[0] ?? '';
  if (path.length === 1 && !compiling.withinItem && first !== '$flagd') return ofContext(first);
  return ofPath(path, readerOf(path, compiling));
}

function ofContext(name: string): Rule {
  return (scope) => given(attribute(scope, name));
}

function ofPath(path: readonly string[], read: Reader): Rule {
  return (scope) => given(read(scope, path));
}

function computed(name: Rule, compiling: Compiling): Rule {
  const all = whole(compiling);
  return (scope) => {
    const value = name(scope);
    if (value === null || value === undefined || value === '') return all(scope);
    const path = steps(textOf(value));
    return given(readerOf(path, compiling)(scope, path));
  };
}

function whole({ withinItem, flagKey }: Compiling): Rule {
  return withinItem ? (scope) => given(scope.item) : (scope) => wholeContext(scope, flagKey);
}

const missing: Operator = (_args, compiling) => {
  const names = compiling.parts().map(({ run }) => run);
  return (scope) => {
    const values = names.map((name) => name(scope));
    return absent(scope, Array.isArray(values[0]) ? values[0] : values, compiling);
  };
};

const missingSome: Operator = (_args, compiling) => {
  const least = compiling.part(0).run;
  const names = compiling.part(1).run;
  return (scope) => {
    const wanted = names(scope);
    if (!Array.isArray(wanted)) throw new TypeError('missing_some takes a number and a list of names');
    const lacking = absent(scope, wanted, compiling);
    return wanted.length - lacking.length >= Number(least(scope)) ? [] : lacking;
  };
};

/** The names that lead nowhere. What is null or empty is there. */
function absent(scope: Scope, names: readonly unknown[], compiling: Compiling): unknown[] {
  return names.filter((name) => {
    const path = steps(asText(name));
    return readerOf(path, compiling)(scope, path) === undefined;
  });
}

export const variables = { var: variable, missing, missing_some: missingSome } as const satisfies Record<
  string,
  Operator
>;

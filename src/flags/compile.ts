import { unknownName } from '../core/table.js';
import { operatorOf, operators } from './operators/operators.js';
import { type Compiling, type Json, type JsonObject, type Part, type Rule, RuleFault, type TraceStep } from './rule.js';

export interface CompileOptions {
  readonly flagKey: string;
  /** JSON path of the rule. @default 'targeting' */
  readonly path?: string | undefined;
  /** Makes a slower rule that tells each of its steps. */
  readonly trace?: ((step: TraceStep) => void) | undefined;
  readonly warn?: ((path: string, message: string) => void) | undefined;
}

/**
 * Makes closures of a rule whose references are resolved: nothing is read from its JSON again, and no code is generated.
 * Throws `RuleFault` with the place and what to write instead.
 */
export function compileRule(source: Json, options: CompileOptions): Rule {
  return partOf(source, options.path ?? 'targeting', false, options).run;
}

function partOf(source: Json, path: string, withinItem: boolean, options: CompileOptions): Part {
  if (isJsonList(source)) return listPart(source, path, withinItem, options);
  if (typeof source !== 'object' || source === null) return fixedPart(source);
  const names = Object.keys(source);
  const [name] = names;
  if (name === undefined) return fixedPart(Object.freeze({}));
  if (names.length > 1) {
    throw new RuleFault(path, names, 'an object in a rule has one key, its operator', `split it: {"${name}": [...]}`);
  }
  if (!withinItem && name === 'var' && isFlagKey(source)) return fixedPart(options.flagKey);
  return operatorPart(name, source[name] ?? null, path, withinItem, options);
}

function isJsonList(source: Json): source is readonly Json[] {
  return Array.isArray(source);
}

function fixedPart(value: unknown): Part {
  return { run: () => value, fixed: value };
}

function listPart(source: readonly Json[], path: string, withinItem: boolean, options: CompileOptions): Part {
  const parts = source.map((entry, index) => partOf(entry, `${path}[${index}]`, withinItem, options));
  if (parts.every(({ fixed }) => fixed !== undefined)) return fixedPart(Object.freeze(parts.map(({ fixed }) => fixed)));
  const rules = parts.map(({ run }) => run);
  return { run: (scope) => rules.map((run) => run(scope)), fixed: undefined };
}

/** The flag's own key is the same whoever asks, and a split that begins with it is begun once. */
function isFlagKey(rule: JsonObject): boolean {
  const path = rule['var'];
  return path === '$flagd.flagKey' || (Array.isArray(path) && path.length === 1 && path[0] === '$flagd.flagKey');
}

function operatorPart(name: string, given: Json, at: string, withinItem: boolean, options: CompileOptions): Part {
  const operator = operatorOf(name);
  if (operator === undefined) {
    throw new RuleFault(at, name, unknownName('operator', operators, name), 'use one of the operators that are known');
  }
  const path = `${at}.${name}`;
  const args = isJsonList(given) ? given : [given];
  const argPath = (index: number): string => (isJsonList(given) ? `${path}[${index}]` : path);
  const parts: Part[] = [];
  const part = (index: number, inner: boolean): Part => {
    parts[index] ??= partOf(args[index] ?? null, argPath(index), inner, options);
    return parts[index];
  };
  const { trace, flagKey, warn } = options;
  const compiling: Compiling = {
    flagKey,
    path,
    withinItem,
    trace,
    part: (index) => part(index, withinItem),
    itemPart: (index) => part(index, true),
    warn: (message, index) => warn?.(index === undefined ? path : argPath(index), message),
  };
  const rule = operator(args, compiling);
  const run = trace === undefined ? rule : traced(rule, path, name, trace);
  return { run, fixed: undefined, operator: name, args: parts };
}

function traced(rule: Rule, path: string, operator: string, trace: (step: TraceStep) => void): Rule {
  return (scope) => {
    const result = rule(scope);
    trace({ path, operator, result });
    return result;
  };
}

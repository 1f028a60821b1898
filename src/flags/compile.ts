import { unknownName } from '../core/table.js';
import { operatorOf, operators } from './operators/operators.js';
import { type Compiling, type Json, type JsonObject, type Part, type Rule, RuleFault, type TraceStep } from './rule.js';

export interface CompileOptions {
  readonly flagKey: string;
  /** Makes a slower rule that tells each of its steps. */
  readonly trace?: ((step: TraceStep) => void) | undefined;
  readonly warn?: ((path: string, message: string) => void) | undefined;
}

/**
 * Makes closures of a rule whose references are resolved: nothing is read from its JSON again, and no code is generated.
 * Throws `RuleFault` with the place and what to write instead.
 */
export function compileRule(source: Json, options: CompileOptions): Rule {
  return partOf(source, ROOT, false, options).run;
}

/** Where something stands, as a chain: written out for the few who ask. */
interface Place {
  readonly within: Place | undefined;
  readonly step: string | number;
}

const ROOT: Place = { within: undefined, step: 'targeting' };

function written({ within, step }: Place): string {
  if (within === undefined) return String(step);
  return typeof step === 'number' ? `${written(within)}[${step}]` : `${written(within)}.${step}`;
}

function partOf(source: Json, place: Place, withinItem: boolean, options: CompileOptions): Part {
  if (isJsonList(source)) return listPart(source, place, withinItem, options);
  if (typeof source !== 'object' || source === null) return fixedPart(source);
  const names = Object.keys(source);
  const [name] = names;
  if (name === undefined) return fixedPart(Object.freeze({}));
  if (names.length > 1) {
    const fix = `split it: {"${name}": [...]}`;
    throw new RuleFault(written(place), names, 'an object in a rule has one key, its operator', fix);
  }
  if (!withinItem && name === 'var' && isFlagKey(source)) return fixedPart(options.flagKey);
  return new Operation(name, source[name] ?? null, place, withinItem, options);
}

function isJsonList(source: Json): source is readonly Json[] {
  return Array.isArray(source);
}

function fixedPart(value: unknown): Part {
  return { run: () => value, fixed: value };
}

function listPart(source: readonly Json[], place: Place, withinItem: boolean, options: CompileOptions): Part {
  const parts = source.map((entry, step) => partOf(entry, { within: place, step }, withinItem, options));
  if (parts.every(({ fixed }) => fixed !== undefined)) return fixedPart(Object.freeze(parts.map(({ fixed }) => fixed)));
  const rules = parts.map(({ run }) => run);
  return { run: (scope) => rules.map((run) => run(scope)), fixed: undefined };
}

/** The flag's own key is the same whoever asks, and a split that begins with it is begun once. */
function isFlagKey(rule: JsonObject): boolean {
  const path = rule['var'];
  return path === '$flagd.flagKey' || (Array.isArray(path) && path.length === 1 && path[0] === '$flagd.flagKey');
}

/** An operator with its arguments: while it is compiled what it may ask, afterwards the part that it makes. */
class Operation implements Compiling, Part {
  readonly fixed = undefined;
  readonly args: Part[] = [];
  readonly operator: string;
  readonly withinItem: boolean;
  readonly run: Rule;
  readonly #given: Json;
  readonly #place: Place;
  readonly #options: CompileOptions;

  constructor(name: string, given: Json, within: Place, withinItem: boolean, options: CompileOptions) {
    const operator = operatorOf(name);
    if (operator === undefined) {
      const problem = unknownName('operator', operators, name);
      throw new RuleFault(written(within), name, problem, 'use one of the operators that are known');
    }
    this.operator = name;
    this.withinItem = withinItem;
    this.#given = given;
    this.#place = { within, step: name };
    this.#options = options;
    const rule = operator(isJsonList(given) ? given : [given], this);
    this.run = options.trace === undefined ? rule : traced(rule, this.path, name, options.trace);
  }

  get flagKey(): string {
    return this.#options.flagKey;
  }

  get path(): string {
    return written(this.#place);
  }

  get trace(): Compiling['trace'] {
    return this.#options.trace;
  }

  part(at: number): Part {
    return this.#part(at, this.withinItem);
  }

  itemPart(at: number): Part {
    return this.#part(at, true);
  }

  warn(message: string, at?: number): void {
    this.#options.warn?.(written(at === undefined ? this.#place : this.#placeOf(at)), message);
  }

  #part(at: number, withinItem: boolean): Part {
    const source = isJsonList(this.#given) ? this.#given[at] : at === 0 ? this.#given : null;
    this.args[at] ??= partOf(source ?? null, this.#placeOf(at), withinItem, this.#options);
    return this.args[at];
  }

  #placeOf(at: number): Place {
    return isJsonList(this.#given) ? { within: this.#place, step: at } : this.#place;
  }
}

function traced(rule: Rule, path: string, operator: string, trace: (step: TraceStep) => void): Rule {
  return (scope) => {
    const result = rule(scope);
    trace({ path, operator, result });
    return result;
  };
}

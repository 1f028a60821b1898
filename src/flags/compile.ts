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
  return partOf(source, ROOT, undefined, false, options).run;
}

/** An operator, or a list that is an argument, and where it stands: a chain, written out for the few who ask. */
interface Place {
  readonly within: Place | undefined;
  /** Which of the arguments of `within`; `undefined`: the only one, and not in a list. */
  readonly at: number | undefined;
  /** `undefined`: a list. */
  readonly operator: string | undefined;
}

const ROOT: Place = { within: undefined, at: undefined, operator: undefined };

/** The JSON path of a place, or of its argument at `at`. */
function written({ within, at: own, operator }: Place, at?: number): string {
  const outer = within === undefined ? 'targeting' : written(within, own);
  return `${outer}${operator === undefined ? '' : `.${operator}`}${at === undefined ? '' : `[${at}]`}`;
}

/** What stands among the arguments of `within`, at `at`. */
function partOf(
  source: Json,
  within: Place,
  at: number | undefined,
  withinItem: boolean,
  options: CompileOptions,
): Part {
  if (typeof source !== 'object' || source === null) return new Fixed(source);
  if (isJsonList(source)) return listPart(source, { within, at, operator: undefined }, withinItem, options);
  const names = Object.keys(source);
  const name = names[0];
  if (name === undefined) return new Fixed(Object.freeze({}));
  if (names.length > 1) {
    const fix = `split it: {"${name}": [...]}`;
    throw new RuleFault(written(within, at), names, 'an object in a rule has one key, its operator', fix);
  }
  if (!withinItem && name === 'var' && isFlagKey(source)) return new Fixed(options.flagKey);
  return new Operation(name, source[name] ?? null, within, at, withinItem, options);
}

function isJsonList(source: Json): source is readonly Json[] {
  return Array.isArray(source);
}

/** Most are results and constants of comparisons, which are read and never run. */
class Fixed implements Part {
  readonly fixed: unknown;
  #run: Rule | undefined;

  constructor(value: unknown) {
    this.fixed = value;
  }

  get run(): Rule {
    const { fixed } = this;
    this.#run ??= () => fixed;
    return this.#run;
  }
}

function listPart(source: readonly Json[], place: Place, withinItem: boolean, options: CompileOptions): Part {
  const parts = source.map((entry, at) => partOf(entry, place, at, withinItem, options));
  if (parts.every(({ fixed }) => fixed !== undefined)) return new Fixed(Object.freeze(parts.map(({ fixed }) => fixed)));
  const rules = parts.map(({ run }) => run);
  return { run: (scope) => rules.map((run) => run(scope)), fixed: undefined };
}

/** The flag's own key is the same whoever asks, and a split that begins with it is begun once. */
function isFlagKey(rule: JsonObject): boolean {
  const path = rule['var'];
  return path === '$flagd.flagKey' || (Array.isArray(path) && path.length === 1 && path[0] === '$flagd.flagKey');
}

/** An operator with its arguments: while it is compiled what it may ask, afterwards the part that it makes. */
class Operation implements Compiling, Part, Place {
  readonly fixed = undefined;
  readonly within: Place;
  readonly at: number | undefined;
  readonly operator: string;
  readonly args: (Part | undefined)[];
  readonly withinItem: boolean;
  readonly run: Rule;
  readonly #given: Json;
  readonly #options: CompileOptions;

  constructor(
    name: string,
    given: Json,
    within: Place,
    at: number | undefined,
    withinItem: boolean,
    options: CompileOptions,
  ) {
    const operator = operatorOf(name);
    if (operator === undefined) {
      const problem = unknownName('operator', operators, name);
      throw new RuleFault(written(within, at), name, problem, 'use one of the operators that are known');
    }
    const args = isJsonList(given) ? given : [given];
    this.within = within;
    this.at = at;
    this.operator = name;
    this.args = new Array(args.length);
    this.withinItem = withinItem;
    this.#given = given;
    this.#options = options;
    const rule = operator(args, this);
    this.run = options.trace === undefined ? rule : traced(rule, this.path, name, options.trace);
  }

  get flagKey(): string {
    return this.#options.flagKey;
  }

  get path(): string {
    return written(this);
  }

  get trace(): Compiling['trace'] {
    return this.#options.trace;
  }

  part(at: number): Part {
    return this.#part(at, this.withinItem);
  }

  parts(): Part[] {
    const parts: Part[] = [];
    for (let at = 0; at < this.args.length; at++) parts.push(this.#part(at, this.withinItem));
    return parts;
  }

  itemPart(at: number): Part {
    return this.#part(at, true);
  }

  warn(message: string, at?: number): void {
    this.#options.warn?.(written(this, this.#isListed ? at : undefined), message);
  }

  get #isListed(): boolean {
    return isJsonList(this.#given);
  }

  #part(at: number, withinItem: boolean): Part {
    const known = this.args[at];
    if (known !== undefined) return known;
    const given = this.#given;
    const part = isJsonList(given)
      ? partOf(given[at] ?? null, this, at, withinItem, this.#options)
      : partOf(at === 0 ? given : null, this, undefined, withinItem, this.#options);
    this.args[at] = part;
    return part;
  }
}

function traced(rule: Rule, path: string, operator: string, trace: (step: TraceStep) => void): Rule {
  return (scope) => {
    const result = rule(scope);
    trace({ path, operator, result });
    return result;
  };
}

import { diagnostics, messageOf } from '../core/diagnostics.js';
import { listed } from '../core/nearest.js';
import { compileRule } from './compile.js';
import type { FlagDefinition } from './definition.js';
import { asText } from './operators/text.js';
import { Outcome } from './outcome.js';
import type { Json, JsonObject, Rule } from './rule.js';
import type { Scope } from './scope.js';

/** A flag, ready to be asked: its rule is closures, and each way it can come out is made once, when the flag is first asked. */
export class CompiledFlag {
  readonly key: string;
  /** `undefined`: the document's text for it could not be read, and there was no good one before. */
  readonly definition: FlagDefinition | undefined;
  /** How every check comes out, where no rule decides. */
  readonly fixed: Outcome | undefined;
  readonly #rule: Rule;
  #matched: ReadonlyMap<string, Outcome> | undefined;
  #byDefault: Outcome | undefined;
  #keyless: Outcome | undefined;
  #unknownVariant: Outcome | undefined;
  #threw: Outcome | undefined;

  private constructor(key: string, definition: FlagDefinition | undefined, fixed: Outcome | undefined, rule: Rule) {
    this.key = key;
    this.definition = definition;
    this.fixed = fixed;
    this.#rule = rule;
  }

  /** Throws `RuleFault` for a rule that cannot be compiled. */
  static of(definition: FlagDefinition, warn: (path: string, message: string) => void): CompiledFlag {
    const { key, state, targeting, metadata } = definition;
    if (targeting === undefined) {
      const off = state === 'DISABLED';
      const fixed = off
        ? new Outcome(key, { reason: 'DISABLED', flagMetadata: metadata })
        : standing(key, definition, 'STATIC');
      return new CompiledFlag(key, definition, fixed, nothing);
    }
    const rule = compileRule(targeting, { flagKey: key, warn });
    for (const name of namedVariants(targeting)) {
      if (!definition.variants.has(name))
        warn('targeting', `names the variant "${name}", which the flag does not have`);
    }
    const fixed = state === 'DISABLED' ? new Outcome(key, { reason: 'DISABLED', flagMetadata: metadata }) : undefined;
    return new CompiledFlag(key, definition, fixed, rule);
  }

  /** A flag of which nothing is known but what is wrong with it. */
  static broken(key: string, errorMessage: string): CompiledFlag {
    return new CompiledFlag(
      key,
      undefined,
      new Outcome(key, { reason: 'ERROR', errorCode: 'PARSE_ERROR', errorMessage }),
      nothing,
    );
  }

  /** How a check comes out for what `scope` holds. Never throws. */
  evaluate(scope: Scope): Outcome {
    if (this.fixed !== undefined) return this.fixed;
    scope.keyMissing = false;
    scope.visits = 0;
    try {
      const result = this.#rule(scope);
      if (result === null || result === undefined) return scope.keyMissing ? this.#withoutKey() : this.#unruled();
      this.#matched ??= matched(this.key, this.definition);
      return this.#matched.get(typeof result === 'string' ? result : asText(result)) ?? this.#unmatched();
    } catch (cause) {
      return this.#thrown(cause);
    }
  }

  #withoutKey(): Outcome {
    this.#keyless ??= keyless(this.#unruled());
    return this.#keyless;
  }

  #unruled(): Outcome {
    this.#byDefault ??= standing(this.key, this.definition, 'DEFAULT');
    return this.#byDefault;
  }

  #unmatched(): Outcome {
    if (this.#unknownVariant === undefined) {
      const names = listed([...(this.definition?.variants.keys() ?? [])]);
      const says = `the rule of flag "${this.key}" names a variant that it does not have; it has: ${names}`;
      this.#unknownVariant = this.#failed(says);
      diagnostics.warn('flags.variant', says);
    }
    return this.#unknownVariant;
  }

  #thrown(cause: unknown): Outcome {
    if (this.#threw === undefined) {
      const says = `the rule of flag "${this.key}" could not be evaluated`;
      this.#threw = this.#failed(says);
      diagnostics.warn('flags.rule', `${says}: ${messageOf(cause)}`, cause);
    }
    return this.#threw;
  }

  #failed(errorMessage: string): Outcome {
    const flagMetadata = this.definition?.metadata;
    return new Outcome(this.key, { reason: 'ERROR', errorCode: 'GENERAL', errorMessage, flagMetadata });
  }
}

function matched(key: string, definition: FlagDefinition | undefined): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const [variant, value] of definition?.variants ?? []) {
    const flagMetadata = definition?.metadata;
    outcomes.set(variant, new Outcome(key, { value, variant, reason: 'TARGETING_MATCH', flagMetadata }));
  }
  return outcomes;
}

const nothing: Rule = () => null;

/** The default variant, or the caller's fallback where the flag has none. */
function standing(key: string, definition: FlagDefinition | undefined, reason: 'STATIC' | 'DEFAULT'): Outcome {
  const flagMetadata = definition?.metadata;
  const variant = definition?.defaultVariant;
  if (definition === undefined || variant === undefined) return new Outcome(key, { reason: 'DEFAULT', flagMetadata });
  return new Outcome(key, { value: definition.variants.get(variant), variant, reason, flagMetadata });
}

function keyless({ key, value, variant, reason, flagMetadata }: Outcome): Outcome {
  return new Outcome(key, {
    value,
    variant,
    reason,
    flagMetadata,
    errorCode: 'TARGETING_KEY_MISSING',
    errorMessage: `flag "${key}" splits by a key that the context does not have, such as targetingKey`,
  });
}

/** The names that a rule can plainly give: results of `if`, buckets of `fractional`, a bare text. */
function namedVariants(rule: Json, found: string[] = []): string[] {
  if (typeof rule === 'string') found.push(rule);
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return found;
  const name = Object.keys(rule)[0] ?? '';
  const args = (rule as JsonObject)[name]; // neither a list nor null
  if (!isList(args)) return found;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? null;
    if ((name === 'if' || name === '?:') && (i % 2 === 1 || i === args.length - 1)) namedVariants(arg, found);
    if (name === 'fractional' && isList(arg) && typeof arg[0] === 'string') found.push(arg[0]);
  }
  return found;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

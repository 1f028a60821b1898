import { diagnostics } from '../core/diagnostics.js';
import type { FlagDefinition } from './definition.js';
import { faultOf, sayFault } from './fault.js';
import { CompiledFlag } from './flag.js';
import type { FlagSet } from './flag-set.js';
import { type Json, type JsonObject, RuleFault } from './rule.js';

/** Steps of 0.001 %. */
const WHOLE = 100_000;
const FIX = 'a guarded flag has a defaultVariant, and "rollout" or a fractional of constant buckets, or no rule at all';

/** Shares that stand in place of those of the document, flag by flag, as long as a guarded rollout is under way. */
export class Stages {
  readonly #percents = new Map<string, number>();

  /** `undefined` gives the document its say again. Throws `TypeError` for what is no share. */
  set(key: string, percent: number | undefined): void {
    if (percent === undefined) {
      this.#percents.delete(key);
      return;
    }
    if (!(percent >= 0 && percent <= 100)) throw new TypeError(`rollout of flag "${key}": ${percent} is not 0 to 100`);
    this.#percents.set(key, percent);
  }

  /** `set` with these shares; itself where it has none of these flags. A flag that cannot be staged stays as it is. */
  applied(set: FlagSet): FlagSet {
    const staged = [...this.#percents].flatMap(([key, percent]) => this.#flag(set, key, percent));
    if (staged.length === 0) return set;
    return Object.freeze({ ...set, flags: new Map([...set.flags, ...staged]) });
  }

  #flag(set: FlagSet, key: string, percent: number): [string, CompiledFlag][] {
    const definition = set.flags.get(key)?.definition;
    if (definition === undefined) return [];
    try {
      return [[key, CompiledFlag.of(staged(definition, percent), () => {})]];
    } catch (cause) {
      diagnostics.warn(`flags.rollout.${key.slice(0, 80)}`, sayFault(faultOf(set.source, key, cause)));
      return [];
    }
  }
}

/**
 * The flag with `percent` for all that is not its default variant. Each other variant grows within a part of its own, as
 * wide as its weight in the document, so that growing moves nobody from one of them to another, and nobody out.
 * Throws `RuleFault` for a rule that splits nothing.
 */
export function staged(definition: FlagDefinition, percent: number): FlagDefinition {
  const { variants, defaultVariant, targeting: written } = definition;
  if (defaultVariant === undefined) throw new RuleFault('defaultVariant', null, 'nobody is the control', FIX);
  const split = { defaultVariant, percent };
  const names = [...variants.keys()].filter((name) => name !== defaultVariant);
  const plain = { fractional: names.map((name) => [name, 1]) };
  if (written !== undefined && !JSON.stringify(written).includes('{"fractional":')) {
    throw new RuleFault('targeting', written, 'its rule splits nothing', FIX);
  }
  return Object.freeze({ ...definition, targeting: restaged(written ?? plain, split) });
}

interface Split {
  readonly defaultVariant: string;
  readonly percent: number;
}

/** Every split within a rule, at its new share. */
function restaged(rule: Json, split: Split): Json {
  if (isList(rule)) return rule.map((part) => restaged(part, split));
  if (typeof rule !== 'object' || rule === null) return rule;
  const entries = Object.entries(rule).map(([name, value]) => [
    name,
    name === 'fractional' && isList(value) ? buckets(value, split) : restaged(value, split),
  ]);
  return Object.fromEntries(entries);
}

function buckets(args: readonly Json[], { defaultVariant, percent }: Split): Json {
  const [first = null] = args;
  const keyed = isList(first) ? [] : [first];
  const weights = new Map<string, number>();
  for (const bucket of args.slice(keyed.length)) {
    const [name, weight = 1] = isList(bucket) ? bucket : [];
    if (typeof name !== 'string' || typeof weight !== 'number') {
      throw new RuleFault('targeting', bucket, 'a bucket depends on the context', FIX);
    }
    if (name !== defaultVariant) weights.set(name, (weights.get(name) ?? 0) + Math.max(0, weight));
  }
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  if (weights.size === 0)
    throw new RuleFault('targeting', args as Json, 'it splits into the default variant alone', FIX);
  return [
    ...keyed,
    ...[...weights].flatMap(([name, weight]) => {
      const part = Math.round(WHOLE * (sum === 0 ? 1 / weights.size : weight / sum));
      const grown = Math.round((part * percent) / 100);
      return [
        [name, grown],
        [defaultVariant, part - grown],
      ];
    }),
  ];
}

function isList(value: Json | JsonObject | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

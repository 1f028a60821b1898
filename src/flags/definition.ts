import { listed } from '../core/nearest.js';
import { type FlagKind, type FlagMetadata, type FlagValue, kindOf, NO_METADATA } from './evaluation.js';
import { type Evaluators, type Meant, resolved } from './references.js';
import { desugared } from './rollout.js';
import { type Json, type JsonObject, RuleFault } from './rule.js';

/** One flag as a document has it, checked: references and shorthand are resolved. Frozen throughout. */
export interface FlagDefinition {
  readonly key: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly kind: FlagKind;
  readonly variants: ReadonlyMap<string, FlagValue>;
  readonly defaultVariant: string | undefined;
  /** `undefined`: no rule, always the default variant. */
  readonly targeting: Json | undefined;
  readonly metadata: FlagMetadata;
  /** Two definitions of one text answer alike. */
  readonly text: string;
}

/** What all flags of a document share. */
export interface Shared {
  readonly evaluators: Evaluators;
  readonly metadata: FlagMetadata;
  readonly meant: Meant;
}

type Warn = (path: string, value: unknown, message: string) => void;

const KEYS = ['state', 'variants', 'defaultVariant', 'targeting', 'metadata', 'rollout'];
const MAX_VALUE_DEPTH = 64;

/** Throws `RuleFault` with the path from the flag's own root. */
export function definition(key: string, raw: Json, shared: Shared, warn: Warn): FlagDefinition {
  if (!isObject(raw))
    throw new RuleFault('', raw, 'a flag is an object', 'write {"state": "ENABLED", "variants": ...}');
  for (const name of Object.keys(raw)) {
    if (!KEYS.includes(name)) warn(name, raw[name], `no such setting of a flag${hint(shared.meant(name, KEYS))}`);
  }
  const flag = desugared(bare(raw));
  const state = stateOf(flag['state']);
  const variants = variantsOf(flag['variants']);
  const kind = kindOfAll(variants);
  const defaultVariant = defaultOf(flag['defaultVariant'], variants, shared.meant);
  const rule = flag['targeting'] ?? {};
  if (!isObject(rule)) {
    throw new RuleFault(
      'targeting',
      rule,
      'a rule is an object',
      'write {"if": [condition, "variant"]}, or leave it out',
    );
  }
  const targeting = Object.keys(rule).length === 0 ? undefined : resolved(rule, shared.evaluators, shared.meant);
  const metadata = overlaid(shared.metadata, metadataOf(flag['metadata'], warn));
  const text = JSON.stringify([state, [...variants], defaultVariant, targeting, metadata]);
  return Object.freeze({ key, state, kind, variants, defaultVariant, targeting, metadata, text });
}

/** Without a prototype, so that what is read from it was written in the document. */
export function bare(object: JsonObject): JsonObject {
  return Object.assign(Object.create(null), object);
}

function hint(meant: string | undefined): string {
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stateOf(state: Json | undefined): FlagDefinition['state'] {
  if (state === 'ENABLED' || state === 'DISABLED') return state;
  throw new RuleFault('state', state, 'a flag is on or off', 'write "ENABLED" or "DISABLED"');
}

function variantsOf(variants: Json | undefined): ReadonlyMap<string, FlagValue> {
  if (!isObject(variants) || Object.keys(variants).length === 0) {
    throw new RuleFault('variants', variants, 'a flag has at least one variant', 'write {"on": true, "off": false}');
  }
  return new Map(
    Object.entries(variants).map(([name, value]) => {
      if (name === '') throw new RuleFault('variants', name, 'a variant has a name', 'give it one');
      if (value === null) throw new RuleFault(`variants.${name}`, value, 'null is no value', 'leave the variant out');
      return [name, frozen(value, `variants.${name}`, 0)];
    }),
  );
}

/** Handed out as it is, to everyone: nobody may change it. */
function frozen<T extends Json>(value: T, path: string, depth: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_VALUE_DEPTH) {
    throw new RuleFault(path, `${MAX_VALUE_DEPTH} levels and more`, 'the value is too deep', 'flatten it');
  }
  for (const inner of Object.values(value)) frozen(inner, path, depth + 1);
  return Object.freeze(value);
}

function kindOfAll(variants: ReadonlyMap<string, FlagValue>): FlagKind {
  const kinds = new Set([...variants.values()].map(kindOf));
  const [kind] = kinds;
  if (kinds.size === 1 && kind !== undefined) return kind;
  throw new RuleFault('variants', [...kinds], 'variants are all of one kind', 'make two flags of it');
}

function defaultOf(
  name: Json | undefined,
  variants: ReadonlyMap<string, FlagValue>,
  wished: Meant,
): string | undefined {
  if (name === undefined || name === null || name === '') return undefined;
  if (typeof name === 'string' && variants.has(name)) return name;
  const known = [...variants.keys()];
  const meant = typeof name === 'string' ? wished(name, known) : undefined;
  const fix = meant === undefined ? `write one of ${listed(known)}` : `did you mean "${meant}"?`;
  throw new RuleFault('defaultVariant', name, 'no variant of that name', fix);
}

/** Scalars only, as the schema has it; what is none is left out and said. */
export function metadataOf(metadata: Json | undefined, warn: Warn): FlagMetadata {
  if (metadata === undefined) return NO_METADATA;
  if (!isObject(metadata)) {
    warn('metadata', metadata, 'metadata is an object; it is left out');
    return NO_METADATA;
  }
  const kept: [string, string | number | boolean][] = [];
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === 'object')
      warn(`metadata.${name}`, value, 'metadata holds texts, numbers, true and false; it is left out');
    else kept.push([name, value]);
  }
  return Object.freeze(Object.fromEntries(kept));
}

function overlaid(under: FlagMetadata, over: FlagMetadata): FlagMetadata {
  if (over === NO_METADATA) return under;
  return Object.freeze({ ...under, ...over });
}

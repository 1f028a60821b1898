import { listed } from '../core/nearest.js';
import { type FlagKind, type FlagMetadata, type FlagValue, kindOf, NO_METADATA } from './evaluation.js';
import { type Evaluators, type Meant, resolved } from './references.js';
import { desugared } from './rollout.js';
import { type Json, type JsonObject, RuleFault } from './rule.js';

/** One flag as a document has it, checked: references and shorthand are resolved. Frozen; the rule is as it was parsed. */
export interface FlagDefinition {
  readonly key: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly kind: FlagKind;
  readonly variants: ReadonlyMap<string, FlagValue>;
  readonly defaultVariant: string | undefined;
  /** `undefined`: no rule, always the default variant. */
  readonly targeting: Json | undefined;
  readonly metadata: FlagMetadata;
}

/** Whether two answer alike. */
export function alike(a: FlagDefinition, b: FlagDefinition): boolean {
  return a === b || textOf(a) === textOf(b);
}

function textOf({ state, variants, defaultVariant, targeting, metadata }: FlagDefinition): string {
  return JSON.stringify([state, [...variants], defaultVariant, targeting, metadata]);
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
  const flag = desugared(raw);
  const state = stateOf(own(flag, 'state'));
  const variants = variantsOf(own(flag, 'variants'));
  const kind = kindOfAll(variants);
  const defaultVariant = defaultOf(own(flag, 'defaultVariant'), variants, shared.meant);
  const rule = own(flag, 'targeting') ?? {};
  if (!isObject(rule)) {
    throw new RuleFault(
      'targeting',
      rule,
      'a rule is an object',
      'write {"if": [condition, "variant"]}, or leave it out',
    );
  }
  const targeting = Object.keys(rule).length === 0 ? undefined : resolved(rule, shared.evaluators, shared.meant);
  const metadata = overlaid(shared.metadata, metadataOf(own(flag, 'metadata'), warn));
  return Object.freeze({ key, state, kind, variants, defaultVariant, targeting, metadata });
}

/** What was written in the document, never what a prototype has. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
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
  const names = isObject(variants) ? Object.keys(variants) : [];
  if (!isObject(variants) || names.length === 0) {
    throw new RuleFault('variants', variants, 'a flag has at least one variant', 'write {"on": true, "off": false}');
  }
  const values = new Map<string, FlagValue>();
  for (const name of names) {
    const value = variants[name] ?? null;
    if (name === '') throw new RuleFault('variants', name, 'a variant has a name', 'give it one');
    if (value === null) throw new RuleFault(`variants.${name}`, value, 'null is no value', 'leave the variant out');
    values.set(name, typeof value === 'object' ? frozen(value, `variants.${name}`, 0) : value);
  }
  return values;
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
  let all: FlagKind | undefined;
  for (const value of variants.values()) {
    const kind = kindOf(value);
    all ??= kind;
    if (kind === undefined || kind !== all) throw mixed(variants);
  }
  if (all === undefined) throw mixed(variants);
  return all;
}

function mixed(variants: ReadonlyMap<string, FlagValue>): RuleFault {
  const kinds = new Set([...variants.values()].map(kindOf));
  return new RuleFault('variants', [...kinds], 'variants are all of one kind', 'make two flags of it');
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

import { listed } from '../core/nearest.js';
import { type Json, type JsonObject, RuleFault } from './rule.js';

/** References within what a reference names. */
const MAX_REFERENCES = 32;
/** Objects and lists within each other. */
const MAX_DEPTH = 128;
/** Of one rule once its references are replaced: doubling at each of 32 steps would fill the memory. */
const MAX_PARTS = 20_000;

/** `$evaluators` of a document. */
export interface Evaluators {
  readonly rules: JsonObject;
  readonly names: readonly string[];
}

/** The known name that is meant by one that is not known. */
export type Meant = (name: string, known: readonly string[]) => string | undefined;

interface Walk {
  readonly evaluators: Evaluators;
  readonly meant: Meant;
  parts: number;
}

/**
 * A rule in which each `{"$ref": "name"}` is replaced by what `$evaluators` has under that name: part by part, never as
 * text. Throws `RuleFault` for a name that is unknown or leads back to itself, and for a rule that is too deep or too large.
 */
export function resolved(rule: Json, evaluators: Evaluators, meant: Meant): Json {
  try {
    return replaced(rule, undefined, [], 0, { evaluators, meant: () => undefined, parts: 0 });
  } catch {
    return replaced(rule, 'targeting', [], 0, { evaluators, meant, parts: 0 }); // once more, now minding where
  }
}

/** `path` is minded only where something is wrong. A part without references is given as it is. */
function replaced(rule: Json, path: string | undefined, within: readonly string[], depth: number, walk: Walk): Json {
  if (++walk.parts > MAX_PARTS) {
    throw new RuleFault(
      path ?? '',
      `${MAX_PARTS} parts and more`,
      'the rule is too large',
      'test an attribute instead',
    );
  }
  if (typeof rule !== 'object' || rule === null) return rule;
  if (depth > MAX_DEPTH) {
    throw new RuleFault(
      path ?? '',
      `${MAX_DEPTH} levels and more`,
      'the rule is too deep',
      'flatten it with and, or, in',
    );
  }
  if (isList(rule)) return replacedList(rule, path, within, depth, walk);
  return Object.hasOwn(rule, '$ref')
    ? evaluator(rule, path ?? '', within, depth, walk)
    : replacedObject(rule, path, within, depth, walk);
}

function replacedList(
  list: readonly Json[],
  path: string | undefined,
  within: readonly string[],
  depth: number,
  walk: Walk,
): Json {
  let made: Json[] | undefined;
  for (let at = 0; at < list.length; at++) {
    const part = list[at] ?? null;
    const now = replaced(part, path === undefined ? undefined : `${path}[${at}]`, within, depth + 1, walk);
    if (now === part) continue;
    made ??= [...list];
    made[at] = now;
  }
  return made ?? list;
}

function replacedObject(
  rule: JsonObject,
  path: string | undefined,
  within: readonly string[],
  depth: number,
  walk: Walk,
): Json {
  let made: Map<string, Json> | undefined;
  const keys = Object.keys(rule);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const part = rule[key] ?? null;
    const now = replaced(part, path === undefined ? undefined : `${path}.${key}`, within, depth + 1, walk);
    if (now === part) continue;
    made ??= new Map(Object.entries(rule));
    made.set(key, now);
  }
  return made === undefined ? rule : Object.fromEntries(made);
}

function isList(rule: Json): rule is readonly Json[] {
  return Array.isArray(rule);
}

function evaluator(rule: JsonObject, path: string, within: readonly string[], depth: number, walk: Walk): Json {
  const name = rule['$ref'];
  const { rules, names } = walk.evaluators;
  if (typeof name !== 'string' || !Object.hasOwn(rules, name)) {
    const meant = typeof name === 'string' ? walk.meant(name, names) : undefined;
    const fix =
      meant === undefined ? `add it to $evaluators, which has: ${listed(names) || 'none'}` : `did you mean "${meant}"?`;
    throw new RuleFault(`${path}.$ref`, name, 'no evaluator of that name', fix);
  }
  if (within.includes(name) || within.length >= MAX_REFERENCES) {
    const round = [...within, name].join(' -> ');
    throw new RuleFault(
      `${path}.$ref`,
      name,
      `references go round, or more than ${MAX_REFERENCES} deep: ${round}`,
      'break the chain',
    );
  }
  return replaced(rules[name] ?? null, path, [...within, name], depth + 1, walk);
}

import { FlagdCore } from '@openfeature/flagd-core';
import { expect, test } from 'vitest';
import { FlagClient } from '../../src/flags/client.js';
import { compileRule } from '../../src/flags/compile.js';
import { Scope } from '../../src/flags/scope.js';
import { memory } from '../../src/flags/sources/memory.js';
import { random } from '../support/random.js';
import { type Json, RandomRules } from '../support/random-rules.js';

/** 5,000 pass in the gate; `FOURLIGHTS_FUZZ=50000` is the whole run. */
const CASES = Number(process.env['FOURLIGHTS_FUZZ'] ?? 5000);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

type Context = Record<string, Json>;

/** What an operator got: its arguments as they stand and as they come out. */
interface Use {
  readonly operator: string;
  readonly args: Json[];
  /** Throws for an argument that does. */
  readonly value: (index: number) => unknown;
}

/**
 * Where flagd-core differs and we mean it. Each says in which use of an operator the difference may arise; a difference
 * in a rule without any such use is a failure.
 */
const KNOWN: Readonly<Record<string, (use: Use, context: Context) => boolean>> = {
  'null equals 0 and false there': ({ operator, value }) =>
    (operator === '==' || operator === '!=') && [value(0), value(1)].includes(null),
  'a default does not replace an explicit null there': ({ operator, args, value }) =>
    operator === 'var' && args.length === 2 && resultOf({ var: value(0) as Json }, {}) === null,
  'a hash is taken of UTF-16 units there': ({ operator, args }, context) =>
    operator === 'fractional' && /[^\p{ASCII}]/u.test(JSON.stringify([context, args])),
  'not of a list looks at its first element there': ({ operator, value }) =>
    (operator === '!' || operator === '!!') && Array.isArray(value(0)),
  'null is looked for as the text "null" there': ({ operator, value }) =>
    operator === 'in' && value(0) === null && typeof value(1) === 'string',
  'a part that throws for every context throws there although it is not reached': ({ operator, args }) =>
    isConstant({ [operator]: args }) && throws(() => resultOf({ [operator]: args }, {})),
};

function resultOf(rule: Json, context: Context): unknown {
  const scope = new Scope(() => 0);
  scope.call = context;
  return compileRule(rule, { flagKey: 'f' })(scope);
}

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}

function isConstant(rule: Json): boolean {
  if (typeof rule !== 'object' || rule === null) return true;
  return Object.entries(rule).every(([key, part]) => !/^(var|missing|fractional)/.test(key) && isConstant(part));
}

function usesIn(rule: Json, context: Context): Use[] {
  if (typeof rule !== 'object' || rule === null) return [];
  if (Array.isArray(rule)) return rule.flatMap((part) => usesIn(part, context));
  return Object.entries(rule).flatMap(([operator, given]) => {
    const args: Json[] = Array.isArray(given) ? given : [given];
    return [
      { operator, args, value: (index: number) => resultOf(args[index] ?? null, context) },
      ...usesIn(args, context),
    ];
  });
}

function explanations(rule: Json, context: Context): string[] {
  const uses = usesIn(rule, context);
  const applies = (test: (typeof KNOWN)[string], use: Use): boolean => {
    try {
      return test(use, context);
    } catch {
      return false; // an argument that throws, throws there too
    }
  };
  return Object.keys(KNOWN).filter((name) => uses.some((use) => applies(KNOWN[name] as (typeof KNOWN)[string], use)));
}

test(`${CASES} random rules answer as flagd-core's interpreter does, save where the list above says`, () => {
  const found = new Map<string, number>();
  const unexplained: string[] = [];
  const reasons = new Map<string, number>();
  for (let seed = 1; seed <= CASES; seed++) {
    const rules = new RandomRules(random(seed));
    const targeting = rules.targeting();
    const context = rules.context();
    const variants = { a: 'A', b: 'B', c: 'C', true: 'T', false: 'F', '10': 'ten' };
    const document = JSON.stringify({ flags: { f: { state: 'ENABLED', variants, defaultVariant: 'a', targeting } } });

    const core = new FlagdCore(undefined, silent, { disableDynamicCodeGeneration: true });
    core.setConfigurations(document);
    const theirs = core.resolveStringEvaluation('f', 'fallback', context, silent);
    const ours = new FlagClient().start({ sources: [memory(document)] }).details('f', 'fallback', context);

    reasons.set(ours.reason, (reasons.get(ours.reason) ?? 0) + 1);
    const code = ours.errorCode === 'TARGETING_KEY_MISSING' ? undefined : ours.errorCode; // ours alone says so
    const same = ours.value === theirs.value && ours.variant === theirs.variant && ours.reason === theirs.reason;
    if (same && code === theirs.errorCode) continue;
    const [why] = explanations(targeting, context);
    if (why !== undefined) found.set(why, (found.get(why) ?? 0) + 1);
    else unexplained.push(JSON.stringify({ seed, theirs, ours, targeting, context }));
  }
  console.info(`answers: ${JSON.stringify([...reasons])}; differences: ${JSON.stringify([...found])}`);
  expect(unexplained).toEqual([]);
  expect(
    Math.min(...['TARGETING_MATCH', 'DEFAULT', 'ERROR'].map((reason) => reasons.get(reason) ?? 0)),
  ).toBeGreaterThan(CASES / 50);
}, 600_000);

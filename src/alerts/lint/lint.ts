import { type AlertRule, type SettledRule, settled } from '../rule.js';
import { signalOf } from '../signal.js';
import type { Finding, Given } from './finding.js';
import { sense } from './sense.js';
import { setFindings } from './set.js';
import { shape } from './shape.js';

/** Rules that can run, with their defaults, and everything there is to say about all that were given. */
export interface Linted {
  readonly rules: readonly SettledRule[];
  readonly findings: readonly Finding[];
}

/**
 * Looks at rules, from code or from a file. One with an error is left out and does the others no harm. `known`: rules that run
 * already, for what is wrong between two; a new one of the same name takes the place of one of them. Never throws.
 */
export function lint(given: readonly unknown[], known: readonly SettledRule[] = []): Linted {
  const rules: SettledRule[] = [];
  const findings: Finding[] = [];
  const names = new Set<string>();
  for (const [index, rule] of given.entries()) {
    const { rule: one, findings: found } = lintOne(rule, `rule ${index + 1}`, names);
    findings.push(...found);
    if (one === undefined) continue;
    names.add(one.name);
    rules.push(one);
  }
  const all = [...known.filter(({ name }) => !names.has(name)), ...rules];
  return { rules, findings: [...findings, ...setFindings(all).filter(({ rule }) => names.has(rule))] };
}

function lintOne(
  given: unknown,
  place: string,
  names: ReadonlySet<string>,
): { readonly rule?: SettledRule; readonly findings: Finding[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const message =
      "a rule must be an object: write { name: 'HighErrorRatio', signal: 'errors.ratio', fireAbove: 0.05, ... }";
    return { findings: [{ rule: place, code: 'rule', level: 'error', message }] };
  }
  const rule: Given = { ...given };
  const name = typeof rule['name'] === 'string' && rule['name'] !== '' ? rule['name'] : place;
  const errors = checked(shape, rule, name, 'error');
  if (names.has(name)) {
    const message = `another rule has the name "${name}": write a name of its own, as alerts are told apart by it`;
    errors.push({ rule: name, code: 'duplicate-name', level: 'error', message });
  }
  const signal = signalOf(rule['signal']);
  if (errors.length > 0 || typeof signal === 'string') return { findings: errors };
  const one = settled(given as AlertRule, signal); // its shape has been looked at, key by key
  return { rule: one, findings: checked(sense, one, name, 'warning') };
}

function checked<T>(
  checks: Readonly<Record<string, (rule: T) => string | undefined>>,
  rule: T,
  name: string,
  level: Finding['level'],
): Finding[] {
  return Object.entries(checks).flatMap(([code, check]) => {
    const message = check(rule);
    return message === undefined ? [] : [{ rule: name, code, level, message }];
  });
}

/** As a person reads it: `HighErrorRatio: error: ...`. */
export function findingText({ rule, code, level, message }: Finding): string {
  return `${rule}: ${level}: ${message} [${code}]`;
}

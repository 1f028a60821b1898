import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultRules } from '../alerts/defaults.js';
import type { Finding } from '../alerts/lint/finding.js';
import { lint } from '../alerts/lint/lint.js';
import type { Objective } from '../alerts/objective.js';
import type { SettledRule } from '../alerts/rule.js';
import { objectiveFindings } from '../alerts/slo/check.js';
import { Failure } from './failure.js';

/** What a file of rules exports: rules and objectives as they came, not looked at yet. */
export interface Definitions {
  readonly rules: readonly unknown[];
  readonly objectives: readonly unknown[];
}

/** What can run of it, and all there is to say about the rest. */
export interface Checked {
  readonly rules: readonly SettledRule[];
  readonly objectives: readonly Objective[];
  readonly findings: readonly Finding[];
}

/** Runs the file and collects what it exports, under whatever names: rules, objectives, and lists of them. */
export async function definitionsIn(file: string | undefined): Promise<Definitions> {
  if (file === undefined) return { rules: [], objectives: [] };
  const path = resolve(file);
  if (!existsSync(path)) throw new Failure('input', `${file} does not exist`);
  const exported = await loaded(path, file);
  const all = [...new Set(Object.values(exported).flatMap(members))];
  if (all.length === 0)
    throw new Failure(
      'input',
      `${file} exports no rules: write export const rules = [{ name: 'HighErrorRatio', ... }]`,
    );
  return { rules: all.filter((one) => !isObjective(one)), objectives: all.filter(isObjective) };
}

/** `defaults`: with the library's own rules, save those whose names are taken. */
export function checked({ rules, objectives }: Definitions, defaults: boolean): Checked {
  const names = new Set(rules.map(nameOf));
  const own = defaults ? defaultRules.filter(({ name }) => !names.has(name)) : [];
  const linted = lint([...rules, ...own]);
  const taken = new Set<unknown>();
  const found = objectives.map((one) => {
    const name = nameOf(one);
    const isTaken = taken.has(name);
    taken.add(name);
    return { one, findings: [...objectiveFindings(one), ...(isTaken ? [nameIsTaken(String(name))] : [])] };
  });
  const usable = found.filter(({ findings }) => !findings.some(({ level }) => level === 'error'));
  return {
    rules: linted.rules,
    objectives: usable.map(({ one }) => one as Objective), // just looked at, key by key
    findings: [...linted.findings, ...found.flatMap(({ findings }) => findings)],
  };
}

/** In a process the later one takes the place of the earlier; a file of rules would hold both, on one name. */
function nameIsTaken(rule: string): Finding {
  const message = `another objective has the name "${rule}": write a name of its own, as its alerts and records are told apart by it`;
  return { rule, code: 'duplicate-name', level: 'error', message };
}

function nameOf(rule: unknown): unknown {
  return typeof rule === 'object' && rule !== null && 'name' in rule ? rule.name : undefined;
}

async function loaded(path: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const hint = /\.[cm]?ts$/.test(file)
      ? '. This Node does not run TypeScript: give the JavaScript that is built of it'
      : '';
    throw new Failure('input', `${file} cannot be loaded: ${error.message}${hint}`, { cause });
  }
}

/** Of lists, and of objects that hold nothing but lists (what `require` gives), what is in them. */
function members(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [];
  const held = Object.values(value);
  return held.length > 0 && held.every(Array.isArray) ? held.flat() : [value];
}

function isObjective(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'objective' in value;
}

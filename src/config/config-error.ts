import { nearest } from '../core/nearest.js';
import { type Branch, isRule, type Rule } from './rules.js';

/** Everything that is wrong with the options, at once. Thrown by `observe()` before anything is started. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`fourlights: ${problems.join('\nfourlights: ')}`);
    this.problems = problems;
  }
}

/** Throws unless every key of `options` is known and every value is what its rule expects. `undefined` means not set. */
export function check(options: unknown, schema: Branch): void {
  const problems = findProblems(options, schema, '');
  if (problems.length > 0) throw new ConfigError(problems);
}

function findProblems(options: unknown, branch: Branch, path: string): string[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [`${path === '' ? 'options' : path} must be an object, got ${shown(options)}`];
  }
  return Object.entries(options).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const node = Object.hasOwn(branch, key) ? branch[key] : undefined;
    if (node === undefined) return [unknownKey(here, path, branch)];
    if (value === undefined) return [];
    return isRule(node) ? broken(node, here, value) : findProblems(value, node, here);
  });
}

function broken(rule: Rule, path: string, value: unknown): string[] {
  return rule.accepts(value) ? [] : [`${path} must be ${rule.expects}, got ${shown(value)}`];
}

function unknownKey(path: string, parent: string, branch: Branch): string {
  const known = Object.keys(branch).map((key) => (parent === '' ? key : `${parent}.${key}`));
  const meant = nearest(path, known);
  return `unknown option "${path}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}; known: ${known.join(', ')}`;
}

/** The value as one would write it, short; never more than a hint of a long one. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  try {
    const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return `a ${typeof value} that cannot be shown`;
  }
}

import { nearest } from '../core/nearest.js';
import { type Branch, isRule, mayBeOff, type Rule } from './rule.js';

/** Everything that is wrong with the options, at once. Thrown by `observe()` before anything is started. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(`fourlights: ${problems.join('\nfourlights: ')}`, options);
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
    const off = mayBeOff(branch) ? ' or false' : '';
    return [`${path === '' ? 'options' : path} must be an object${off}, got ${shown(options)}`];
  }
  return Object.entries(options).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const node = Object.hasOwn(branch, key) ? branch[key] : undefined;
    if (node === undefined) return [unknownKey(key, path, branch)];
    if (value === undefined) return [];
    if (isRule(node)) return broken(node, here, value);
    return value === false && mayBeOff(node) ? [] : findProblems(value, node, here);
  });
}

function broken(rule: Rule, path: string, value: unknown): string[] {
  return rule.accepts(value) ? [] : [`${path} must be ${rule.expects}, got ${shown(value)}`];
}

function unknownKey(key: string, path: string, branch: Branch): string {
  const prefix = path === '' ? '' : `${path}.`;
  const known = Object.keys(branch);
  const meant = nearest(key, known);
  const hint = meant === undefined ? '' : ` (did you mean "${prefix}${meant}"?)`;
  return `unknown option "${prefix}${key}"${hint}; known: ${known.map((name) => prefix + name).join(', ')}`;
}

/** The value as one would write it, short; never more than a hint of a long one. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  try {
    if (typeof value === 'number') return String(value); // JSON has no NaN
    const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return 'an object that cannot be shown';
  }
}

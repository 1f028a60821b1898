/** A semantic version without its build metadata. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Numbers compare as numbers and sort below words. Empty: a release, which sorts above all its prereleases. */
  readonly prerelease: readonly (number | string)[];
}

const MAX_LENGTH = 256;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/**
 * Reads what people and programs write: `1.2.3`, `v1.2.3-rc.1+build`, and `1` or `1.2`, padded with zeros, also as a number.
 * `undefined` for all else. Split by hand, so that no text takes longer than its length.
 */
export function version(given: unknown): Version | undefined {
  const written = typeof given === 'number' ? String(given) : given;
  if (typeof written !== 'string' || written.length === 0 || written.length > MAX_LENGTH) return undefined;
  const text = written.trim();
  const first = text.charAt(0);
  const bare = first === 'v' || first === 'V' ? text.slice(1) : text;
  const plus = bare.indexOf('+');
  if (
    plus !== -1 &&
    !bare
      .slice(plus + 1)
      .split('.')
      .every((part) => IDENTIFIER.test(part))
  )
    return undefined;
  const precise = plus === -1 ? bare : bare.slice(0, plus);
  const dash = precise.indexOf('-');
  const prerelease = dash === -1 ? [] : identifiers(precise.slice(dash + 1));
  const numbers = core(dash === -1 ? precise : precise.slice(0, dash), dash === -1 && plus === -1);
  if (numbers === undefined || prerelease === undefined) return undefined;
  return { major: numbers[0] ?? 0, minor: numbers[1] ?? 0, patch: numbers[2] ?? 0, prerelease };
}

function core(text: string, mayBePartial: boolean): number[] | undefined {
  const parts = text.split('.');
  if (parts.length > 3 || (parts.length < 3 && !mayBePartial)) return undefined;
  if (!parts.every((part) => NUMBER.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

function identifiers(text: string): (number | string)[] | undefined {
  const parts = text.split('.');
  const valid = parts.every((part) => IDENTIFIER.test(part) && (!/^\d+$/.test(part) || NUMBER.test(part)));
  return valid ? parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : undefined;
}

/** Below 0, 0 or above 0: SemVer 2.0.0, section 11. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: Version['prerelease'], b: Version['prerelease']): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [left, right] = [a[i], b[i]];
    if (left === undefined || right === undefined || left === right) continue;
    if (typeof left === typeof right) return left < right ? -1 : 1;
    return typeof left === 'number' ? -1 : 1;
  }
  return a.length - b.length;
}

export type Comparison = (a: Version, b: Version) => boolean;

/** What `sem_ver` can ask. `^`: the same major version, `~`: the same minor; neither asks for at least. */
export const comparisons = {
  '=': (a, b) => compareVersions(a, b) === 0,
  '!=': (a, b) => compareVersions(a, b) !== 0,
  '<': (a, b) => compareVersions(a, b) < 0,
  '<=': (a, b) => compareVersions(a, b) <= 0,
  '>': (a, b) => compareVersions(a, b) > 0,
  '>=': (a, b) => compareVersions(a, b) >= 0,
  '^': (a, b) => a.major === b.major,
  '~': (a, b) => a.major === b.major && a.minor === b.minor,
} as const satisfies Readonly<Record<string, Comparison>>;

export function comparisonOf(name: unknown): Comparison | undefined {
  return typeof name === 'string' && Object.hasOwn(comparisons, name)
    ? comparisons[name as keyof typeof comparisons] // own, as asked one word before
    : undefined;
}

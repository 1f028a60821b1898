import { readFileSync } from 'node:fs';
import { diagnostics, messageOf } from '../../core/diagnostics.js';
import { type Endpoint, endpoint } from '../../core/endpoint.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty value is an unset value (OpenTelemetry specification, "Environment variables"). The first name that is set wins. */
export function text(env: Environment, ...names: readonly string[]): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim() ?? '';
    if (value !== '') return { name, value };
  }
  return undefined;
}

/** A whole number of at least `least`. One that is wrong is told, and passed over. */
export function whole(env: Environment, least: number, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const given = text(env, name)?.value;
    if (given === undefined) continue;
    if (/^\d{1,9}$/.test(given) && Number(given) >= least) return Number(given);
    tellWrong(name, `a whole number of at least ${least}`, given);
  }
  return undefined;
}

/** One of a few words. One that is not is told, and passed over. */
export function oneOf<T extends string>(
  env: Environment,
  words: readonly T[],
  ...names: readonly string[]
): T | undefined {
  for (const name of names) {
    const given = text(env, name)?.value;
    const word = words.find((known) => known === given?.toLowerCase());
    if (word !== undefined) return word;
    if (given !== undefined) tellWrong(name, `one of ${words.join(', ')}`, given);
  }
  return undefined;
}

/** An http(s) address. One that is none is told, and passed over. */
export function address(env: Environment, name: string): Endpoint | undefined {
  const given = text(env, name);
  return given && orTold(name, () => endpoint(given.value, name));
}

/** What is in the file that the first of the names that is set tells. One that cannot be read is told, and passed over. */
export function file(env: Environment, ...names: readonly string[]): string | undefined {
  const path = text(env, ...names);
  return path && orTold(path.name, () => readFileSync(path.value, 'utf8'));
}

/** `name=value,name=value`, values percent-encoded (OTLP exporter specification). What is wrong is told without its value: it may be a key. */
export function headers(env: Environment, name: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const member of text(env, name)?.value.split(',') ?? []) {
    const equals = member.indexOf('=');
    const key = member.slice(0, Math.max(0, equals)).trim().toLowerCase();
    const value = equals > 0 ? decoded(member.slice(equals + 1).trim()) : undefined;
    if (isHeader(key, value)) found[key] = value;
    else if (member.trim() !== '') {
      diagnostics.warn(`environment ${name}`, `${name}: ignoring ${JSON.stringify(key)}, expected name=value`);
    }
  }
  return found;
}

/** RFC 9110, section 5: a name is a token; a value has no control characters but the tab. */
export function isHeader(name: string, value: string | undefined): value is string {
  return value !== undefined && /^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The variable is named once, whether or not what `work` throws names it. */
function orTold<T>(name: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (cause) {
    const message = messageOf(cause);
    const told = message.startsWith(name) ? message : `${name}: ${message}`;
    diagnostics.warn(`environment ${name}`, `${told}; using the default`);
    return undefined;
  }
}

function tellWrong(name: string, expected: string, got: string): void {
  diagnostics.warn(
    `environment ${name}`,
    `${name} must be ${expected}, got ${JSON.stringify(got.slice(0, 100))}; using the default`,
  );
}

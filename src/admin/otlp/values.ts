import type { HighResolutionTime } from '../../traces/export/finished-span.js';

const MAX_ATTRIBUTES = 128;
const MAX_TEXT = 4096;
const DEEPEST = 8;

/** What OTLP's signals have in common, under the rules of OTLP/JSON. Nothing that comes is believed: what has not the right shape is left out. */
export type Json = Readonly<Record<string, unknown>>;

export function attributesOf(list: unknown): Json {
  const pairs = objects(list)
    .slice(0, MAX_ATTRIBUTES)
    .map(({ key, value }) => [text(key), anyValue(value)] as const);
  return Object.fromEntries(pairs);
}

/** AnyValue has exactly one of these. */
export function anyValue(given: unknown, depth = 0): unknown {
  if (!isObject(given) || depth > DEEPEST) return '';
  if (given['stringValue'] !== undefined) return text(given['stringValue']);
  if (given['boolValue'] !== undefined) return given['boolValue'] === true || given['boolValue'] === 1;
  if (given['intValue'] !== undefined) return numberOf(given['intValue']);
  if (given['doubleValue'] !== undefined) return numberOf(given['doubleValue']);
  if (given['bytesValue'] !== undefined) return text(given['bytesValue']);
  const inner = objects(field(given['arrayValue'] ?? given['kvlistValue'], 'values')).slice(0, MAX_ATTRIBUTES);
  if (given['arrayValue'] !== undefined) return inner.map((value) => anyValue(value, depth + 1));
  if (given['kvlistValue'] === undefined) return '';
  return Object.fromEntries(inner.map(({ key, value }) => [text(key), anyValue(value, depth + 1)]));
}

/** JSON has numbers, and whole ones of 64 bits as texts. Of anything else the engine would ask its own methods, which were sent along. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

/** JSON has hex of either case; an ID of zeros is none. */
export function idOf(value: unknown, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value) || /^0+$/.test(value)) {
    return undefined;
  }
  return value.toLowerCase();
}

export function timeOf(nanoseconds: unknown): HighResolutionTime | undefined {
  const digits = typeof nanoseconds === 'number' ? String(nanoseconds) : nanoseconds;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) return undefined;
  const whole = BigInt(digits);
  return [Number(whole / 1_000_000_000n), Number(whole % 1_000_000_000n)];
}

/** Each list of records of one request, with what it is a part of: `['resourceSpans', 'scopeSpans', 'spans']`, or another signal's names. */
export function* scopesIn(
  request: unknown,
  [resources, scopes, records]: readonly [string, string, string],
): Generator<{
  readonly list: readonly Json[];
  readonly resource: { readonly attributes: Json };
  readonly scope: Scope;
}> {
  for (const group of objects(field(request, resources))) {
    const resource = { attributes: attributesOf(field(group['resource'], 'attributes')) };
    for (const scoped of objects(group[scopes])) {
      yield { list: objects(scoped[records]), resource, scope: { name: text(field(scoped['scope'], 'name')) } };
    }
  }
}

/** What has made the records. */
export interface Scope {
  readonly name: string;
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

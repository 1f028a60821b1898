import { isNumber, isObject, isText, listOf, rule } from './rule.js';

const has = (value: unknown, ...methods: readonly string[]): boolean =>
  isObject(value) && methods.every((name) => typeof Reflect.get(value, name) === 'function');

const isUrl = (value: unknown): boolean => isText(value) && /^https?:\/\//.test(value) && URL.canParse(value);

export const rollouts = {
  store: rule('a store: redis(client) of fourlights/redis, or { start, load, decide, add, stop }', (value) =>
    has(value, 'start', 'load', 'decide', 'add', 'stop'),
  ),
  plans: rule(
    'an object of plans by flag',
    (value) => isObject(value) && !Array.isArray(value) && Object.values(value).every(isObject),
  ),
  writers: rule('a list of rolloutWriters, or { name, wants, write }', (value) =>
    listOf(value, (writer) => has(writer, 'wants', 'write')),
  ),
  business: rule('a function of the flag and the metric', (value) => typeof value === 'function'),
  intervalMs: rule('a number of milliseconds from 1000 to 600000', (value) => isNumber(value, 1000, 600_000)),
  prometheus: rule('an http:// or https:// address', isUrl),
};

const limitFields: readonly string[] = ['start', 'least', 'most', 'tolerance'];

export const limit = rule(
  'true, or { start, least, most, tolerance } with 1 <= least <= start <= most and a tolerance of 1 or more',
  (value) => {
    if (typeof value === 'boolean') return true;
    if (!isObject(value) || !Object.keys(value).every((name) => limitFields.includes(name))) return false;
    const { start = 20, least = 4, most = 1000, tolerance = 1.5 } = value as Readonly<Record<string, unknown>>;
    if (![start, least, most].every((count) => isNumber(count, 1, 1e6))) return false;
    return isNumber(start, least as number, most as number) && isNumber(tolerance, 1, 100);
  },
);

import { Writable } from 'node:stream';
import { isThreshold, THRESHOLDS } from '../logs/levels.js';
import { probes } from '../saturation/probes.js';
import { alerts } from './alert-rules.js';
import { flags } from './flag-rules.js';
import { admin, metrics } from './metric-rules.js';
import { limit, rollouts } from './rollout-rules.js';
import { type Branch, flag, isNumber, isObject, isText, listOf, rule, text } from './rule.js';
import { traces } from './trace-rules.js';

/** RFC 9110, section 5.1: a field name is a token. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const FIELD_NAME = /^[^.[\]*]+$/;

const accessLogFields: readonly string[] = ['sample', 'ignore'];

function isAccessLog(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (!isObject(value) || Array.isArray(value) || !Object.keys(value).every((key) => accessLogFields.includes(key)))
    return false;
  const { sample, ignore } = value as { sample?: unknown; ignore?: unknown };
  return (sample === undefined || isNumber(sample, 0, 1)) && (ignore === undefined || listOf(ignore, isText));
}

function isProbe(value: unknown): boolean {
  if (typeof value === 'string') return Object.hasOwn(probes, value);
  return (
    isObject(value) && 'name' in value && isText(value.name) && 'sample' in value && typeof value.sample === 'function'
  );
}

export const schema = {
  service: text,
  version: text,
  environment: text,
  http: {
    auto: flag,
    ignore: rule(
      'a list of paths such as "/livez" or "/assets/*", or a function of the request',
      (value) => typeof value === 'function' || listOf(value, (path) => isText(path) && path.startsWith('/')),
    ),
    correlationHeaders: rule(
      'a list of at least one header name',
      (value) =>
        listOf(value, (name) => typeof name === 'string' && HEADER_NAME.test(name)) && (value as []).length > 0,
    ),
    propagateTo: rule(
      'a list of host names and regular expressions, or a function of the host name',
      (value) => typeof value === 'function' || listOf(value, (host) => isText(host) || host instanceof RegExp),
    ),
    route: rule('a function of the request', (value) => typeof value === 'function'),
    trust: rule(
      'continue, link, full, or a function of the request that answers with one of them',
      (value) => typeof value === 'function' || ['continue', 'link', 'full'].some((word) => word === value),
    ),
    targetingKey: rule('a function of the request', (value) => typeof value === 'function'),
    readOnly: flag,
    limit,
  },
  log: {
    level: rule(`one of ${THRESHOLDS.join(', ')}`, isThreshold),
    destination: rule(
      'a file path, a file descriptor or a writable stream',
      (value) => isText(value) || (Number.isInteger(value) && isNumber(value, 0, 2 ** 31)) || value instanceof Writable,
    ),
    accessLog: rule('true, false or { sample?: 0 to 1, ignore?: list of routes }', isAccessLog),
    redact: rule('a list of field names, without dots: a name is redacted at any depth', (value) =>
      listOf(value, (name) => isText(name) && FIELD_NAME.test(name)),
    ),
  },
  traces,
  metrics,
  flags,
  alerts,
  rollouts,
  admin,
  saturation: {
    probes: rule(`a list of probes: ${Object.keys(probes).join(', ')}, or { name, sample() }`, (value) =>
      listOf(value, isProbe),
    ),
    intervalMs: rule('a number of milliseconds from 100 to 3600000', (value) => isNumber(value, 100, 3_600_000)),
  },
  shutdownTimeoutMs: rule('a number of milliseconds from 0 to 600000', (value) => isNumber(value, 0, 600_000)),
} as const satisfies Branch;

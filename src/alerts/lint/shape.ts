import { A_DURATION, secondsOf } from '../../core/duration.js';
import { NO_DATA, SEVERITIES } from '../rule.js';
import { signalOf, signals } from '../signal.js';
import { type Check, type Given, shown, unknownKey } from './finding.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const MIN_ACTION = 10;
const KEYS = [
  ...[
    'name',
    'severity',
    'signal',
    'action',
    'fireAbove',
    'fireBelow',
    'resolveBelow',
    'resolveAbove',
    'window',
    'for',
  ],
  ...['keepFiringFor', 'minSamples', 'noData', 'runbook', 'owner', 'kind', 'inhibitedBy'],
];

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const optional = (value: unknown, accepts: (value: unknown) => boolean): boolean =>
  value === undefined || accepts(value);
const oneOf = (value: unknown, words: readonly string[]): boolean => words.some((word) => word === value);

/** Without which a rule cannot run, or must not. */
export const shape = {
  name: ({ name }) =>
    typeof name === 'string' && NAME.test(name)
      ? undefined
      : `name must be letters, digits and "_", a letter first, got ${shown(name)}: write name: 'HighErrorRatio'`,
  severity: ({ severity }) =>
    oneOf(severity, SEVERITIES)
      ? undefined
      : `severity must be one of ${SEVERITIES.join(', ')}, got ${shown(severity)}: critical only if someone must get up for it`,
  signal: ({ signal }) => {
    const known = signalOf(signal);
    return typeof known === 'string' ? known : undefined;
  },
  action: ({ action }) =>
    isText(action) && action.trim().length >= MIN_ACTION
      ? undefined
      : `an action is missing: write what to do when this fires, in ${MIN_ACTION} characters or more: action: 'roll back the last release'`,
  threshold: ({ fireAbove, fireBelow }) => {
    const given = [fireAbove, fireBelow].filter((value) => value !== undefined);
    return given.length === 1 && isNumber(given[0])
      ? undefined
      : 'exactly one of fireAbove and fireBelow must be a number: write fireAbove: 0.05 for 5 %';
  },
  'resolve-side': resolveSide,
  'critical-cause': ({ severity, kind, signal }) => {
    const known = signalOf(signal);
    const isCause = kind === 'cause' || (typeof known !== 'string' && signals[known.base].nature === 'cause');
    return severity === 'critical' && isCause
      ? `a cause wakes nobody up: write severity: 'warning', and a critical rule on what users feel: 'errors.ratio' or 'latency.p99'`
      : undefined;
  },
  kind: ({ kind }) =>
    optional(kind, (value) => oneOf(value, ['symptom', 'cause']))
      ? undefined
      : `kind must be 'symptom' or 'cause', got ${shown(kind)}`,
  durations: (rule) => {
    const wrong = ['window', 'for', 'keepFiringFor'].find((key) => !optional(rule[key], isDuration));
    return wrong === undefined
      ? undefined
      : `${wrong} must be ${A_DURATION}, got ${shown(rule[wrong])}: write ${wrong}: '5m'`;
  },
  'min-samples': ({ minSamples }) =>
    optional(minSamples, (value) => isNumber(value) && value >= 0)
      ? undefined
      : `minSamples must be a number from 0, got ${shown(minSamples)}: write minSamples: 100`,
  'no-data': ({ noData }) =>
    optional(noData, (value) => oneOf(value, NO_DATA))
      ? undefined
      : `noData must be one of ${NO_DATA.join(', ')}, got ${shown(noData)}: write noData: 'keep'`,
  texts: (rule) => {
    const wrong = ['runbook', 'owner'].find((key) => !optional(rule[key], isText));
    return wrong === undefined ? undefined : `${wrong} must be a text, got ${shown(rule[wrong])}`;
  },
  'inhibited-by': ({ inhibitedBy }) =>
    optional(inhibitedBy, (value) => Array.isArray(value) && value.every(isText))
      ? undefined
      : `inhibitedBy must be a list of names of rules, got ${shown(inhibitedBy)}: write inhibitedBy: ['ServiceDown']`,
  key: (rule) => unknownKey(rule, KEYS),
} as const satisfies Readonly<Record<string, Check>>;

function isDuration(value: unknown): boolean {
  return secondsOf(value) !== undefined;
}

function resolveSide({ fireAbove, fireBelow, resolveBelow, resolveAbove }: Given): string | undefined {
  if (isNumber(fireAbove)) {
    if (resolveAbove !== undefined)
      return `what fires above resolves below: write resolveBelow: ${tenth(fireAbove, -1)}`;
    if (!optional(resolveBelow, isNumber)) return `resolveBelow must be a number, got ${shown(resolveBelow)}`;
    return isNumber(resolveBelow) && resolveBelow > fireAbove
      ? `it would resolve at ${resolveBelow} while it fires above ${fireAbove}: write resolveBelow: ${tenth(fireAbove, -1)}`
      : undefined;
  }
  if (!isNumber(fireBelow)) return undefined;
  if (resolveBelow !== undefined) return `what fires below resolves above: write resolveAbove: ${tenth(fireBelow, 1)}`;
  if (!optional(resolveAbove, isNumber)) return `resolveAbove must be a number, got ${shown(resolveAbove)}`;
  return isNumber(resolveAbove) && resolveAbove < fireBelow
    ? `it would resolve at ${resolveAbove} while it fires below ${fireBelow}: write resolveAbove: ${tenth(fireBelow, 1)}`
    : undefined;
}

/** A value a tenth further to the safe side. */
function tenth(value: number, side: 1 | -1): number {
  return Number((value + side * Math.abs(value) * 0.1).toPrecision(3));
}

import { secondsOf } from '../../core/duration.js';
import { type Finding, type Given, shown, unknownKey } from '../lint/finding.js';
import { BURN_PAIRS, type Objective } from '../objective.js';
import { pairsOf } from './objective-rules.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/;
const MIN_ACTION = 10;
const HOUR_S = 3600;
const MAX_PERIOD_S = 90 * 86_400;
const KEYS = ['name', 'objective', 'period', 'sli', 'action', 'runbook', 'owner'];
/** Of what can count, by `of`. */
const SLI_KEYS: Readonly<Record<string, readonly string[]>> = {
  requests: ['of', 'route', 'slowerThan'],
  dependency: ['of', 'name'],
  counters: ['of', 'bad', 'total'],
};

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** What an objective must have. */
const checks = {
  name: ({ name }) =>
    typeof name === 'string' && NAME.test(name)
      ? undefined
      : `name must be letters, digits and "_", a letter first, got ${shown(name)}: write name: 'checkout_availability'`,
  objective: ({ objective }) =>
    typeof objective === 'number' && objective > 0 && objective < 1
      ? undefined
      : `objective must be a share above 0 and below 1, got ${shown(objective)}: write objective: 0.999 for 99.9 %`,
  period: ({ period }) => {
    const seconds = period === undefined ? MAX_PERIOD_S : secondsOf(period);
    return seconds !== undefined && seconds >= HOUR_S && seconds <= MAX_PERIOD_S
      ? undefined
      : `period must be '1h' to '90d', got ${shown(period)}: write period: '30d'`;
  },
  action: ({ action }) =>
    typeof action === 'string' && action.trim().length >= MIN_ACTION
      ? undefined
      : `an action is missing: write what to do when the budget burns: action: 'roll back the last release'`,
  texts: (objective) => {
    const wrong = ['runbook', 'owner'].find((key) => objective[key] !== undefined && !isText(objective[key]));
    return wrong === undefined ? undefined : `${wrong} must be a text, got ${shown(objective[wrong])}`;
  },
  sli: ({ sli }) =>
    sli === undefined || isSli(sli)
      ? undefined
      : `sli must be one of { of: 'requests', route?, slowerThan? }, { of: 'dependency', name }, { of: 'counters', bad, total }`,
  'sli-key': ({ sli }) => {
    if (typeof sli !== 'object' || sli === null) return undefined;
    const given: Given = { ...sli };
    const of = given['of'];
    const keys = typeof of === 'string' && Object.hasOwn(SLI_KEYS, of) ? SLI_KEYS[of] : undefined;
    return keys && unknownKey(given, keys, 'sli: ');
  },
  key: (objective) => unknownKey(objective, KEYS),
} as const satisfies Readonly<Record<string, (objective: Given) => string | undefined>>;

function isSli(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const sli: Given = { ...value };
  if (sli['of'] === 'dependency') return isText(sli['name']);
  if (sli['of'] === 'counters') return isText(sli['bad']) && isText(sli['total']);
  const { route, slowerThan } = { route: sli['route'], slowerThan: sli['slowerThan'] };
  const isTime = slowerThan === undefined || (typeof slowerThan === 'number' && slowerThan > 0);
  return sli['of'] === 'requests' && isTime && (route === undefined || isText(route));
}

/** Everything that is wrong with an objective; with an error it is not watched. Never throws. */
export function objectiveFindings(given: unknown): Finding[] {
  if (typeof given !== 'object' || given === null) {
    const message = "an objective must be an object: write { name, objective: 0.999, action: '...' }";
    return [{ rule: 'objective', code: 'objective', level: 'error', message }];
  }
  const objective: Given = { ...given };
  const rule = typeof objective['name'] === 'string' ? objective['name'] : 'objective';
  const errors = Object.entries(checks).flatMap(([code, check]): Finding[] => {
    const message = check(objective);
    return message === undefined ? [] : [{ rule, code, level: 'error', message }];
  });
  return errors.length > 0 ? errors : deadPairs(given as Objective); // each key has been looked at
}

function deadPairs(objective: Objective): Finding[] {
  const alive = pairsOf(objective);
  const dead = BURN_PAIRS.filter((pair) => !alive.includes(pair));
  if (dead.length === 0) return [];
  const list = dead.map(({ factor }) => factor).join(', ');
  const message = `the burn rates ${list} are left out: at an objective of ${objective.objective} over that period they could never fire; write a higher objective or a longer period if you want them`;
  return [{ rule: objective.name, code: 'dead-pair', level: 'warning', message }];
}

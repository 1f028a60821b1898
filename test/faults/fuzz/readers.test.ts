import { expect, test } from 'vitest';
import { secondsOf } from '../../../src/core/duration.js';
import { nearest } from '../../../src/core/nearest.js';
import { retryAfterMs } from '../../../src/core/retry-after.js';
import { isPrivateHost } from '../../../src/http/hosts.js';
import { pathOf } from '../../../src/http/route.js';
import { formatFor } from '../../../src/metrics/negotiation.js';
import { planOf } from '../../../src/rollouts/guard-plan.js';
import { queryOf, redactedQuery } from '../../../src/traces/url.js';
import { HostileJson } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { cases, cpuMicros, tried } from './budget.js';

const NOW = Date.UTC(2026, 0, 1);
const YEAR_S = 366 * 86_400;
const isWithin = (value: number | undefined, most: number): boolean =>
  value === undefined || (Number.isFinite(value) && value >= 0 && value <= most);

/** Each takes a text of anybody's and says what is wrong with its own answer. */
const readers: Readonly<Record<string, { seeds: readonly string[]; holds: (text: string) => boolean }>> = {
  'Retry-After': {
    seeds: ['120', 'Thu, 01 Jan 2026 00:00:30 GMT', 'Thursday, 01-Jan-26 00:00:30 GMT', 'Thu Jan  1 00:00:30 2026'],
    holds: (text) => isWithin(retryAfterMs(text, NOW), 60_000),
  },
  durations: {
    seeds: ['30s', '5m', '1.5 h', '30d', '1h30m', '1500ms', '90'],
    holds: (text) => isWithin(secondsOf(text), YEAR_S),
  },
  'host names': {
    seeds: ['db.local', '10.0.0.1', '[::ffff:a00:1]', '::1%eth0'],
    holds: (text) => typeof isPrivateHost(text) === 'boolean',
  },
  targets: {
    seeds: ['/a?b=c&d=e', 'http://x/?q', '*', '/%'],
    holds: (text) => !pathOf(text).includes('?') && !/=(?!REDACTED)/.test(redactedQuery(queryOf(text))),
  },
  Accept: {
    seeds: ['application/openmetrics-text;version=1.0.0,text/plain;q=0.5', '*/*;q=0.1'],
    holds: (text) => ['prometheus', 'openMetrics'].includes(formatFor(text)),
  },
  'names that are misspelt': {
    seeds: ['service', 'enviroment'],
    holds: (text) => nearest(text, ['service', 'environment']) !== '',
  },
};

test.each(Object.entries(readers))('%s: any text has an answer within its bounds', (name, { seeds, holds }) => {
  const mutator = new Mutator(83, seeds);
  const count = cases({ short: 3000, long: 30_000 });
  const texts = Array.from({ length: count }, () => mutator.text());
  const wrong: string[] = [];
  const micros = cpuMicros(count, () => {
    for (const text of texts) if (!holds(text)) wrong.push(text);
  });
  expect(wrong).toEqual([]);
  tried(name, 'any text has an answer within its bounds', count, { text: `${micros.toFixed(1)} us each` });
});

test('a plan of any kind is a plan, or a TypeError that names the flag', () => {
  const hostile = new HostileJson(
    random(89),
    ['stages', 'minHold', 'alpha', 'metrics', 'objective'],
    ['2m', 1, 100, 0.01],
  );
  const count = cases({ short: 3000, long: 30_000 });
  for (let run = 0; run < count; run++) {
    const given = hostile.spoilt({ stages: [1, 5, 100], minHold: '2m', holdback: 5, alpha: 0.01, metrics: ['errors'] });
    try {
      const { minHoldMs, stages } = planOf('f', given as object);
      if (!Number.isFinite(minHoldMs) || stages.length > 1000) expect.fail(JSON.stringify(given).slice(0, 1000));
    } catch (cause) {
      if (!(cause instanceof TypeError) || !cause.message.includes('f') || cause.message.length > 2000) throw cause;
    }
  }
  tried('plans of rollouts', 'a plan, or a TypeError that names the flag', count);
});

import { afterEach, expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/sinks/alert.js';
import { flagSources, guard, lifecycle, observe } from '../../../src/index.js';
import { shutdown } from '../../../src/observe.js';
import { stopAll } from '../../http/harness.js';
import { asking } from './asking.js';

afterEach(async () => {
  lifecycle.ready();
  await stopAll();
});

test('readiness says which check fails; why only to those who may know', async () => {
  const remove = lifecycle.check('postgres', () => {
    throw new Error('db.internal:5432 refused');
  });
  const { ask } = await asking({ admin: { token: 'a-token-of-16-letters' } });
  const stranger = await ask('/readyz');
  expect(stranger.status).toBe(503);
  expect(JSON.parse(stranger.body)).toEqual({ status: 'failing', checks: { postgres: { ok: false, critical: true } } });
  const operator = await ask('/readyz', { headers: { authorization: 'Bearer a-token-of-16-letters' } });
  expect(operator.body).toContain('db.internal:5432 refused');
  expect((await ask('/livez')).status).toBe(200);
  remove();
  expect((await ask('/readyz')).status).toBe(200);
});

test('a service that is starting is alive and not ready', async () => {
  const { ask } = await asking();
  lifecycle.starting();
  expect([(await ask('/livez')).status, (await ask('/readyz')).status, (await ask('/startupz')).status]).toEqual([
    200, 503, 503,
  ]);
  lifecycle.ready();
  expect([(await ask('/readyz')).status, (await ask('/startupz')).status]).toEqual([200, 200]);
});

test('flags whose source cannot be read are shown, and take nobody out of service', async () => {
  const { ask } = await asking({ flags: { source: '/nowhere/flags.json' } });
  const { status, body } = await ask('/readyz');
  expect([status, JSON.parse(body)]).toMatchObject([
    200,
    {
      status: 'ready',
      checks: { flags: { ok: false, critical: false, reason: expect.stringMatching(/of \d+ s ago: /) } },
    },
  ]);
  const stale = /^feature_flag_source_stale_seconds\{source="file [^"]*flags.json"\} (\S+)$/m;
  expect(Number((await ask('/metrics')).body.match(stale)?.[1])).toBeGreaterThan(0);
});

test('/verdict judges guarded flags, and says what it cannot judge', async () => {
  guard('verdict_flag', { stages: [10, 100] });
  const { ask } = await asking();
  const { status, body } = await ask('/verdict?flag=verdict_flag');
  expect([status, JSON.parse(body)]).toMatchObject([200, { verdict: 'hold', flag: 'verdict_flag', stages: [10, 100] }]);
  expect((await ask('/verdict?flag=other')).status).toBe(404);
  expect((await ask('/verdict?version=2&baseline=1')).status).toBe(404);
  expect((await ask('/verdict')).status).toBe(400);
});

test('a step of a rollout is a counter, an alert and on the page', async () => {
  const told: Alert[] = [];
  const { ask, observed } = await asking({
    alerts: { sinks: [(alert: Alert) => void told.push(alert)] },
    flags: { source: flagSources.memory(DOCUMENT) },
    rollouts: { plans: { stepping: { stages: [10, 100] } } },
  });
  expect(observed.observability.rollouts.states()).toMatchObject([
    { flag: 'stepping', status: 'ramping', percent: 10 },
    { flag: 'verdict_flag' },
  ]);
  expect((await ask('/metrics')).body).toContain(
    'fourlights_rollout_steps_total{flag="stepping",event="rollout_started"} 1',
  );
  expect(told.map(({ labels }) => labels)).toMatchObject([{ alertname: 'rollout_started', flag: 'stepping' }]);
  expect(JSON.parse((await ask('/api/rollouts')).body)).toMatchObject({
    rollouts: [{ flag: 'stepping', status: 'advancing', stages: [10, 100], stage: 0 }, { status: 'holding' }],
  });
});

const DOCUMENT = {
  flags: { stepping: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', rollout: 0 } },
} as const;

test('after shutdown() a new observe() has rollouts again', async () => {
  observe({ log: { level: 'silent' } });
  await shutdown();
  const { rollouts } = observe({ log: { level: 'silent' } });
  expect(rollouts.states().length).toBeGreaterThan(0);
  await shutdown();
});

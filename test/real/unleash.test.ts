import { once } from 'node:events';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unleash } from '../../src/adapters/unleash.js';
import { FlagClient } from '../../src/flags/client.js';
import type { RolloutEvent } from '../../src/rollouts/guard-event.js';
import { writers as rolloutWriters } from '../../src/rollouts/writers/writers.js';
import { until } from '../support/until.js';
import { postgresFolder } from './processes.js';
import { type UnleashServer, unleashServer } from './unleash-server.js';

const POLL_MS = 500;
const USERS = 40_000;
const FLAG = 'new_checkout';
const environment = `projects/default/features/${FLAG}/environments/development`;

const takenBack: RolloutEvent = {
  ...{ event: 'rollout_rolled_back', flag: FLAG, from: 5, to: 0, reason: 'errors', evidence: undefined },
  ...{ severity: 'critical', by: 'this process', version: '1', at: 1 },
};

const postgres = postgresFolder();
if (postgres === undefined)
  console.log('test/real/unleash: not run, as PostgreSQL (Debian: postgresql) is not installed');

describe.skipIf(postgres === undefined)('a real Unleash server', () => {
  let server: UnleashServer;
  let client: Unleash;
  let flags: FlagClient;

  beforeAll(async () => {
    server = await unleashServer(postgres ?? '');
    await server.admin('projects/default/features', { name: FLAG, type: 'release' });
    const parameters = { rollout: '25', stickiness: 'userId', groupId: FLAG };
    const payload = { type: 'json', value: '{"steps":3}' };
    const variants = [{ name: 'short', weight: 1000, weightType: 'variable', stickiness: 'userId', payload }];
    await server.admin(`${environment}/strategies`, { name: 'flexibleRollout', parameters, variants });
    await server.admin(`${environment}/on`);
    client = new Unleash({
      url: server.url,
      appName: 'fourlights-test',
      customHeaders: { Authorization: server.token },
      refreshInterval: POLL_MS,
      disableMetrics: true,
      storageProvider: new InMemStorageProvider(),
    });
    flags = new FlagClient().start({ sources: [unleash(client)] });
  });
  afterAll(async () => {
    await flags?.stop();
    client?.destroy();
    await server?.stop();
  });

  const share = (): number => {
    let on = 0;
    for (let user = 0; user < USERS; user++) if (flags.boolean(FLAG, false, { targetingKey: `user-${user}` })) on++;
    return on / USERS;
  };

  test('is live, and a flag of its admin API is on for a quarter of the users', async () => {
    expect(await flags.ready({ timeoutMs: 30_000 })).toEqual({ status: 'live' });
    await until(() => share() > 0);
    const seen = share();
    console.log(`Unleash: ${(100 * seen).toFixed(2)} % of ${USERS} users`);
    expect(seen).toBeGreaterThan(0.24);
    expect(seen).toBeLessThan(0.26);
  });

  test('a variant is an object, and whoever is out gets the fallback', () => {
    const fallback = { steps: 5 };
    const answers = Array.from({ length: 100 }, (_, user) =>
      flags.details(FLAG, fallback, { targetingKey: `user-${user}` }),
    );
    const inside = answers.filter(({ variant }) => variant === 'short');
    expect(inside.length).toBeGreaterThan(5);
    for (const { value } of inside) expect(value).toEqual({ steps: 3 });
    for (const { value } of answers.filter(({ variant }) => variant === undefined)) expect(value).toBe(fallback);
  });

  test('a kill is seen with the first poll that brings it, and so is its end', async () => {
    const user = Array.from({ length: 100 }, (_, id) => ({ targetingKey: `user-${id}` })).find((context) =>
      flags.boolean(FLAG, false, context),
    );
    /** The server itself tells its clients of a change with up to a second's delay. */
    const brought = once(client, 'changed');
    await server.admin(`${environment}/off`);
    const from = performance.now();
    await brought;
    expect(flags.details(FLAG, true, user)).toMatchObject({ value: false, reason: 'DISABLED' });
    console.log(`Unleash: kill seen after ${(performance.now() - from).toFixed(0)} ms at ${POLL_MS} ms polling`);

    const again = once(client, 'changed');
    await server.admin(`${environment}/on`);
    await again;
    expect(flags.boolean(FLAG, false, user)).toBe(true);
  });

  test('a guard that takes its flag back switches it off there, for everybody', async () => {
    const to = { url: server.url.replace(/\/api$/, ''), environment: 'development' };
    const signal = AbortSignal.timeout(30_000);
    const refused = rolloutWriters.unleash({ ...to, token: server.token }); // a client's
    await expect(async () => refused.write(takenBack, signal)).rejects.toThrow('answered 403');
    expect(share()).toBeGreaterThan(0);
    await rolloutWriters.unleash({ ...to, token: server.adminToken }).write(takenBack, signal);
    await until(() => share() === 0);
    expect(share()).toBe(0);
    expect(flags.details(FLAG, true, { targetingKey: 'anybody' })).toMatchObject({ value: false, reason: 'DISABLED' });

    await server.admin(`${environment}/on`);
    await until(() => share() > 0);
  });

  test('an outage of the server changes no flag, and is told', async () => {
    const before = share();
    await server.pause();
    await until(() => flags.health().sources[0]?.failure !== null);
    expect(share()).toBe(before);
  });
});

import { InMemStorageProvider, Unleash } from 'unleash-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unleash } from '../../src/adapters/unleash.js';
import { FlagClient } from '../../src/flags/client.js';
import { until } from '../support/until.js';
import { postgresFolder } from './processes.js';
import { type UnleashServer, unleashServer } from './unleash-server.js';

const POLL_MS = 500;
const USERS = 40_000;
const FLAG = 'new_checkout';
const environment = `projects/default/features/${FLAG}/environments/development`;

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
    flags = new FlagClient({ sources: [unleash(client)] }).start();
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

  test('a kill is seen within one poll, and undone as soon', async () => {
    const on = Array.from({ length: 100 }, (_, user) => ({ targetingKey: `user-${user}` })).find((context) =>
      flags.boolean(FLAG, false, context),
    );
    await server.admin(`${environment}/off`);
    const from = performance.now();
    await until(() => !flags.boolean(FLAG, true, on));
    console.log(`Unleash: kill seen after ${(performance.now() - from).toFixed(0)} ms at ${POLL_MS} ms polling`);
    expect(flags.details(FLAG, true, on)).toMatchObject({ value: false, reason: 'DISABLED' });
    await server.admin(`${environment}/on`);
    await until(() => flags.boolean(FLAG, false, on));
  });

  test('an outage of the server changes no flag, and is told', async () => {
    const before = share();
    await server.pause();
    await until(() => flags.health().sources[0]?.failure !== null);
    expect(share()).toBe(before);
  });
});

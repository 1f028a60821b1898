import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, STAGES, type Stage, start } from './app.js';

const USERS = Array.from({ length: 200 }, (_, i) => `user-${i}`);

/** What an Unleash server sends its clients: a gradual rollout within a plan, and a flag with two variants. */
const FEATURES = {
  version: 2,
  features: [
    {
      ...{ name: 'new_checkout', type: 'release', enabled: true, variants: [] },
      strategies: [
        {
          name: 'flexibleRollout',
          parameters: { rollout: '40', stickiness: 'userId', groupId: 'new_checkout' },
          constraints: [{ contextName: 'plan', operator: 'IN', values: ['pro'] }],
        },
      ],
    },
    {
      ...{ name: 'button', type: 'experiment', enabled: true },
      strategies: [{ name: 'default', parameters: {} }],
      variants: ['red', 'blue'].map((value) => ({
        ...{ name: value, weight: 500, weightType: 'variable', stickiness: 'userId' },
        payload: { type: 'string', value },
      })),
    },
  ],
};

interface Decided {
  readonly checkout: boolean;
  readonly unknown: boolean;
  readonly button: string;
}

describe('from unleash-client', () => {
  const server = createServer((request, response) => {
    const asked = request.url === '/api/client/features';
    response.setHeader('content-type', 'application/json');
    response.writeHead(asked ? 200 : 202).end(asked ? JSON.stringify(FEATURES) : '{}');
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const decided = async (app: App, user: string, plan: string): Promise<Decided> =>
    (await (await app.get(`/checkout/${user}?plan=${plan}`)).json()) as Decided;

  async function decisions(stage: Stage): Promise<Decided[]> {
    const { port } = server.address() as AddressInfo;
    const env = { UNLEASH_URL: `http://127.0.0.1:${port}/api/`, LOG_LEVEL: 'silent' };
    const app = await start(`unleash-client/${stage}.mjs`, env);
    while ((await decided(app, 'anyone', 'pro')).button === 'grey'); // until it has heard of the flags
    const all: Decided[] = [];
    for (const user of USERS) all.push(await decided(app, user, Number(user.slice(5)) % 3 === 0 ? 'free' : 'pro'));
    await app.stop();
    return all;
  }

  test('every user gets the same decisions before, side by side and after', async () => {
    const [before, beside, after] = await Promise.all(STAGES.map(decisions));
    expect(beside).toEqual(before);
    expect(after).toEqual(before);
    const share = (is: (one: Decided) => boolean): number => (before?.filter(is).length ?? 0) / USERS.length;
    expect(share(({ checkout }) => checkout)).toBeGreaterThan(0.15); // 40 % of two thirds
    expect(share(({ checkout }) => checkout)).toBeLessThan(0.4);
    expect(share(({ button }) => button === 'red')).toBeGreaterThan(0.35);
    expect(share(({ unknown }) => unknown)).toBe(0);
  });
});

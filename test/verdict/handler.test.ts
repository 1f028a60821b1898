import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verdictHandler } from '../../src/verdict/handler.js';
import type { Hook } from '../../src/verdict/hooks.js';
import type { Verdict } from '../../src/verdict/judge.js';
import { PrometheusError } from '../../src/verdict/prometheus-api.js';

const verdicts: Readonly<Record<string, Verdict>> = { good: 'pass', bad: 'rollback', new: 'hold' };
let server: Server;
let base: string;

beforeAll(async () => {
  const handler = verdictHandler({
    flag: (key) => {
      const verdict = Object.hasOwn(verdicts, key) ? verdicts[key] : undefined;
      return verdict === undefined ? undefined : { verdict, reason: 'seen' };
    },
    release: async (candidate, baseline) => {
      if (candidate === 'unknown') throw new PrometheusError('http://prometheus does not answer: ECONNREFUSED');
      return { verdict: 'pass', reason: `${candidate} against ${baseline}` };
    },
  });
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verdict`;
});
afterAll(() => void server.close());

async function get(query: string): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${base}${query}`);
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe("Argo's web metric gets 200 and a verdict", () => {
  test('of a flag', async () => {
    for (const [flag, verdict] of Object.entries(verdicts))
      expect(await get(`?flag=${flag}`)).toEqual({ status: 200, body: { verdict, reason: 'seen' } });
  });

  test('of a version', async () => {
    const { body } = await get('?version=1.5.0%2Bb&baseline=1.4.1');
    expect(body).toEqual({ verdict: 'pass', reason: '1.5.0+b against 1.4.1' });
  });
});

describe('what has no verdict has none, and says why:', () => {
  test.each([
    ['?flag=toString', 404, 'no flag "toString" is guarded here'],
    ['?version=1.5.0', 400, 'expected ?flag=<key>'],
    ['', 400, 'expected ?flag=<key>'],
    ['?version=unknown&baseline=1', 503, 'does not answer'],
    ['?flag=good&hook=rollbak', 400, 'unknown hook "rollbak"; known: confirm-rollout'],
  ])('%s', async (query, status, message) => {
    const answer = await get(query);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toContain(message);
    expect(answer.body).not.toHaveProperty('verdict');
  });

  test('a version, where no Prometheus is known', async () => {
    const handler = verdictHandler({ flag: () => undefined });
    const alone = createServer((request, response) => void handler(request, response));
    await new Promise<void>((resolve) => alone.listen(0, '127.0.0.1', resolve));
    const { port } = alone.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/?version=1&baseline=2`);
    expect(response.status).toBe(404);
    alone.close();
  });
});

describe("Flagger's webhooks are told yes (200) or no (403):", () => {
  const table: readonly (readonly [Hook, pass: number, hold: number, rollback: number])[] = [
    ['confirm-rollout', 200, 200, 200],
    ['pre-rollout', 200, 200, 200],
    ['rollout', 200, 200, 403],
    ['confirm-traffic-increase', 200, 403, 403],
    ['confirm-promotion', 200, 403, 403],
    ['post-rollout', 200, 200, 200],
    ['event', 200, 200, 200],
    ['rollback', 403, 403, 200],
  ];
  test.each(table)('%s', async (hook, pass, hold, rollback) => {
    const asked = async (flag: string): Promise<number> => {
      const payload = { name: 'checkout', namespace: 'shop', phase: 'Progressing', metadata: { flag } };
      const response = await fetch(`${base}?hook=${hook}`, { method: 'POST', body: JSON.stringify(payload) });
      await response.text();
      return response.status;
    };
    expect([await asked('good'), await asked('new'), await asked('bad')]).toEqual([pass, hold, rollback]);
  });

  test.each([
    ['no JSON', '{'],
    ['metadata that is none', '{"metadata":7}'],
    ['more than a webhook has', JSON.stringify({ metadata: { flag: 'good' }, x: 'x'.repeat(100_000) })],
  ])('a body with %s says nothing', async (_name, body) => {
    expect((await fetch(base, { method: 'POST', body })).status).toBe(400);
  });

  test('the address comes before the metadata', async () => {
    const body = JSON.stringify({ metadata: { flag: 'good' } });
    const response = await fetch(`${base}?flag=bad`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ verdict: 'rollback' });
  });
});

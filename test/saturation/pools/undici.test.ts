import { Agent, Client, type Dispatcher, MockAgent, Pool, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { undici } from '../../../src/saturation/undici.js';
import { holdingServer } from './holding-server.js';
import { stateOf } from './state.js';

const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

const get = async (origin: string, dispatcher: Dispatcher): Promise<void> => {
  const { body } = await request(origin, { dispatcher });
  await body.dump();
};

describe('undici', () => {
  test.each([
    ['Agent', () => new Agent({ connections: 2 })],
    ['Pool', (origin: string) => new Pool(origin, { connections: 2 })],
  ])('%s of two connections under five requests has two used and three waiting', async (_, create) => {
    const { origin, arrived, answer } = await holdingServer();
    const dispatcher = create(origin);
    const calls = Array.from({ length: 5 }, () => get(origin, dispatcher));
    await expect.poll(arrived).toBe(2);
    expect(stateOf(dispatcher)).toMatchObject({ kind: 'undici', used: 2, waiting: 3, max: 2 });
    expect(undici({ [DISPATCHER]: dispatcher }).sample()?.ratio).toBe(2.5);
    answer();
    await Promise.all(calls);
    await expect.poll(() => stateOf(dispatcher)).toMatchObject({ used: 0, waiting: 0, idle: 2 });
    await dispatcher.destroy();
  });

  test('an agent stands as the origin that is nearest to its limit', async () => {
    const [busy, quiet] = [await holdingServer(), await holdingServer()];
    const agent = new Agent({ connections: 2 });
    const calls = [get(quiet.origin, agent), ...Array.from({ length: 4 }, () => get(busy.origin, agent))];
    await expect.poll(() => quiet.arrived() + busy.arrived()).toBe(3);
    expect(stateOf(agent)).toMatchObject({ used: 2, waiting: 2, max: 2 });
    quiet.answer();
    busy.answer();
    await Promise.all(calls);
    await agent.destroy();
  });

  test('a client has one connection', async () => {
    const { origin, arrived, answer } = await holdingServer();
    const client = new Client(origin);
    const calls = [get(origin, client), get(origin, client)];
    await expect.poll(arrived).toBe(1);
    expect(stateOf(client)).toMatchObject({ used: 1, waiting: 1, max: 1 });
    answer();
    await Promise.all(calls);
    await client.destroy();
  });

  test('that has not been used yet is idle', () => {
    expect(undici({}).sample()).toEqual({ ratio: 0, readings: { used_count: 0, idle_count: 0, waiting_count: 0 } });
    expect(undici({ [DISPATCHER]: new Agent() }).sample()?.ratio).toBe(0);
  });

  test('of two versions of the dispatcher the later is read, as the former may be a wrapper without counts', () => {
    const former = { dispatch: () => true };
    const later = Symbol.for('undici.globalDispatcher.2');
    expect(undici({ [DISPATCHER]: former, [later]: new Agent() }).sample()?.ratio).toBe(0);
  });

  test('whose dispatcher shows no counts is refused, with a reason', () => {
    expect(() => undici({ [DISPATCHER]: { dispatch: () => true } }).sample()).toThrow('shows no counts');
  });

  test('a double of it that has made no connection is idle', async () => {
    const mock = new MockAgent();
    expect(undici({ [DISPATCHER]: mock }).sample()?.ratio).toBe(0);
    await mock.close();
  });
});

import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { httpAgent } from '../../../src/saturation/http-agent.js';
import { holdingServer } from './holding-server.js';
import { stateOf } from './state.js';

const get = (origin: string, agent: http.Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const call = http.get(origin, { agent }, (response) => response.resume().on('end', () => resolve()));
    call.on('error', reject);
  });

describe('http.Agent', () => {
  test('of two sockets under five requests has two used and three waiting, and then two idle', async () => {
    const { origin, arrived, answer } = await holdingServer();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    const calls = Array.from({ length: 5 }, () => get(origin, agent));
    await expect.poll(arrived).toBe(2);
    expect(stateOf(agent)).toEqual({ name: 'it', kind: 'http-agent', used: 2, idle: 0, waiting: 3, max: 2 });
    expect(httpAgent({ agents: () => [new http.Agent(), agent] }).sample()).toEqual({
      ratio: 2.5,
      readings: { used_count: 2, idle_count: 0, waiting_count: 3, max_count: 2 },
    });
    answer();
    await Promise.all(calls);
    await expect.poll(() => stateOf(agent)).toMatchObject({ used: 0, idle: 2, waiting: 0 });
    agent.destroy();
  });

  test('whose limit is on all origins together is measured against that', async () => {
    const [one, other] = [await holdingServer(), await holdingServer()];
    const agent = new http.Agent({ keepAlive: true, maxTotalSockets: 2, maxSockets: 50 });
    const calls = [get(one.origin, agent), get(other.origin, agent)];
    await expect.poll(() => one.arrived() + other.arrived()).toBe(2);
    expect(stateOf(agent)).toMatchObject({ used: 2, waiting: 0, max: 2 });
    one.answer();
    other.answer();
    await Promise.all(calls);
    agent.destroy();
  });

  test('without a limit, as the global ones are, is never full', async () => {
    const { origin, arrived, answer } = await holdingServer();
    const call = get(origin, http.globalAgent);
    await expect.poll(arrived).toBe(1);
    const { ratio, readings } = httpAgent().sample() ?? {};
    expect(ratio).toBe(0);
    expect(readings).toEqual({ used_count: 1, idle_count: 0, waiting_count: 0 });
    answer();
    await call;
  });

  test('that has none of its lists is refused by the probe, with a reason', () => {
    expect(() => httpAgent({ agents: () => [{}] }).sample()).toThrow('none of the fields of http.Agent');
  });
});

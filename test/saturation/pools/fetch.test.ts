import { expect, test } from 'vitest';
import { undici } from '../../../src/saturation/undici.js';
import { holdingServer } from './holding-server.js';

/** Alone in its file, as importing the package undici would put its own dispatcher behind `fetch`. */
test("the dispatcher of this Node's own fetch shows what is under way, and is never full, as it has no limit", async () => {
  const { origin, arrived, answer } = await holdingServer();
  const probe = undici();
  const calls = [fetch(origin), fetch(origin)];
  await expect.poll(arrived).toBe(2);
  expect(probe.sample()).toMatchObject({ ratio: 0, readings: { used_count: 2 } });
  expect(probe.sample()?.readings).not.toHaveProperty('max_count');
  answer();
  for (const response of await Promise.all(calls)) await response.text();
});

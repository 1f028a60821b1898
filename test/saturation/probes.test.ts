import { getHeapStatistics } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { isProbeName, probes } from '../../src/saturation/probes.js';
import { probeContract } from './probe-contract.js';

describe.each(Object.entries(probes))('probe %s', (name, create) => probeContract(name, create));

test('a name that every object has is no probe', () => {
  expect(isProbeName('heap')).toBe(true);
  expect(isProbeName('toString')).toBe(false);
  expect(isProbeName('__proto__')).toBe(false);
});

test('heap is used against the limit that V8 was started with', () => {
  const reading = probes.heap().sample();
  const { used_bytes: used = 0, limit_bytes: limit = 0 } = reading?.readings ?? {};
  expect(limit).toBe(getHeapStatistics().heap_size_limit);
  expect(used).toBeGreaterThan(2 ** 20);
  expect(reading?.ratio).toBe(used / limit);
});

import { totalmem } from 'node:os';
import { describe, expect, test } from 'vitest';
import { memory } from '../../src/saturation/memory.js';
import { machine, put, v1, v2Container } from './cgroup-tree.js';

const MIB = 2 ** 20;
const rss = () => 64 * MIB;
const total = 4096 * MIB;
const constrained = () => 0;

describe('memory', () => {
  test("is resident memory against the container's limit, not the machine's memory", () => {
    const probe = memory({ root: machine(v2Container), rss, total, constrained });
    expect(probe.sample()).toEqual({ ratio: 0.25, readings: { used_bytes: 64 * MIB, limit_bytes: 256 * MIB } });
  });

  test('is against the memory of the machine where there is no limit, or no cgroup', () => {
    const unlimited = { ...v1, 'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' };
    for (const root of [machine(unlimited), machine({})]) {
      expect(memory({ root, rss, total, constrained }).sample()?.readings).toHaveProperty('limit_bytes', total);
    }
  });

  test('a limit above the memory of the machine is none', () => {
    const root = machine({ ...v2Container, 'sys/fs/cgroup/memory.max': String(9 * total) });
    expect(memory({ root, rss, total, constrained }).sample()?.readings).toHaveProperty('limit_bytes', total);
  });

  test.each([0, undefined, 18446744073709552000])('a constrained memory of %s is no limit', (value) => {
    const probe = memory({ root: machine({}), rss, total, constrained: () => value });
    expect(probe.sample()?.readings).toHaveProperty('limit_bytes', total);
  });

  test('a constrained memory that the system does know counts, where no cgroup says less', () => {
    const known = { rss, total, constrained: () => 512 * MIB };
    expect(memory({ root: machine({}), ...known }).sample()?.readings).toHaveProperty('limit_bytes', 512 * MIB);
    expect(memory({ root: machine(v2Container), ...known }).sample()?.readings).toHaveProperty(
      'limit_bytes',
      256 * MIB,
    );
  });

  test('a limit that is raised while the process runs is seen', () => {
    const root = machine(v2Container);
    const probe = memory({ root, rss, total, constrained });
    put(root, 'sys/fs/cgroup/memory.max', String(128 * MIB));
    expect(probe.sample()?.ratio).toBe(0.5);
  });

  test('on this machine the limit is no more than its memory', () => {
    const { limit_bytes: limit, used_bytes: used } = memory().sample()?.readings ?? {};
    expect(limit).toBeLessThanOrEqual(totalmem());
    expect(used).toBeGreaterThan(10 * MIB);
  });
});

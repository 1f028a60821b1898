import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cgroupOf } from '../../src/saturation/cgroup.js';
import { cpuQuota, memoryLimit, throttling } from '../../src/saturation/cgroup-limits.js';
import { hybrid, machine, put, v1, v2, v2Container } from './cgroup-tree.js';

const memoryOf = (root: string) => memoryLimit(cgroupOf('memory', root))();
const cpusOf = (root: string) => cpuQuota(cgroupOf('cpu', root))()?.cpus;

describe('the memory limit', () => {
  test.each([
    ['v2', v2, 512 * 2 ** 20],
    ['v2 in a container', v2Container, 256 * 2 ** 20],
    ['v1', v1, 2 ** 30],
    ['hybrid', hybrid, 100 * 2 ** 20],
  ])('is read on %s', (_, files, expected) => {
    expect(memoryOf(machine(files))).toBe(expected);
  });

  test("a nested limit below the leaf's wins", () => {
    const root = machine({ ...v2, 'sys/fs/cgroup/shop.slice/memory.max': '134217728\n' });
    expect(memoryOf(root)).toBe(128 * 2 ** 20);
  });

  test("a nested limit above the leaf's does not", () => {
    const root = machine({ ...v2, 'sys/fs/cgroup/shop.slice/memory.max': '8589934592\n' });
    expect(memoryOf(root)).toBe(512 * 2 ** 20);
  });

  test.each(['max\n', '9223372036854771712\n', '18446744073709551615\n', '0\n', '', '\n', '-1\n', '1e9\n', '12 MB\n'])(
    '%j is no limit',
    (text) => {
      expect(memoryOf(machine({ ...v2Container, 'sys/fs/cgroup/memory.max': text }))).toBeUndefined();
      expect(memoryOf(machine({ ...v1, 'sys/fs/cgroup/memory/memory.limit_in_bytes': text }))).toBeUndefined();
    },
  );

  test('no cgroup has no limit', () => {
    expect(memoryLimit(undefined)()).toBeUndefined();
  });

  test('a limit that is changed while the process runs is seen, and one whose file goes is none', () => {
    const root = machine(v2Container);
    const limit = memoryLimit(cgroupOf('memory', root));
    put(root, 'sys/fs/cgroup/memory.max', '1048576\n');
    expect(limit()).toBe(1048576);
    rmSync(join(root, 'sys/fs/cgroup/memory.max'));
    expect(limit()).toBeUndefined();
  });
});

describe('the CPU quota', () => {
  test.each([
    ['v2', v2, 1.5],
    ['v2 in a container', v2Container, 0.5],
    ['v1', v1, 2.5],
    ['hybrid', hybrid, 0.75],
  ])('is read on %s, in CPUs', (_, files, expected) => {
    expect(cpusOf(machine(files))).toBe(expected);
  });

  test("a nested quota below the leaf's wins, and says whose it is", () => {
    const root = machine({ ...v2, 'sys/fs/cgroup/shop.slice/cpu.max': '20000 50000\n' });
    expect(cpuQuota(cgroupOf('cpu', root))()).toEqual({ cpus: 0.4, folder: join(root, 'sys/fs/cgroup/shop.slice') });
  });

  test.each(['max 100000\n', '50000\n', '', 'max', '-1 100000\n', '50000 0\n', '0 100000\n', 'a b\n', '5 5 5\n'])(
    '%j is no quota on v2',
    (text) => {
      expect(cpusOf(machine({ ...v2Container, 'sys/fs/cgroup/cpu.max': text }))).toBeUndefined();
    },
  );

  test.each(['-1\n', '0\n', '', 'max\n'])('%j is no quota on v1', (text) => {
    expect(cpusOf(machine({ ...v1, 'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': text }))).toBeUndefined();
  });

  test('a v1 quota without a period is none', () => {
    const { 'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': _, ...files } = v1;
    expect(cpusOf(machine(files))).toBeUndefined();
  });
});

describe('throttling', () => {
  test('v1 counts nanoseconds, v2 microseconds, and both read as seconds', () => {
    const counts = { periods: 200, throttledPeriods: 50, throttledSeconds: 3 };
    const first = join(machine(v1), 'sys/fs/cgroup/cpu,cpuacct');
    expect(throttling(1, first)).toEqual({ folder: first, ...counts });
    const second = join(machine(v2), 'sys/fs/cgroup/shop.slice/web.service');
    expect(throttling(2, second)).toEqual({ folder: second, ...counts });
  });

  test('a cpu.stat that is missing, or lacks the counts, says nothing', () => {
    const root = machine({ 'a/cpu.stat': 'usage_usec 5\n', 'b/cpu.stat': 'nr_periods many\nnr_throttled 1\n' });
    for (const folder of ['a', 'b', 'c']) expect(throttling(2, join(root, folder))).toBeUndefined();
  });
});

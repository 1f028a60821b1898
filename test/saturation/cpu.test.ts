import { describe, expect, test } from 'vitest';
import { type CpuSources, cpu } from '../../src/saturation/cpu.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { machine, put, v1, v2, v2Container } from './cgroup-tree.js';

/** A probe on eight CPUs whose process burns what it is told to. */
function burning(root: string, more: Partial<CpuSources> = {}) {
  const clock = manualClock();
  const used = { user: 7_000_000, system: 3_000_000 };
  const probe = cpu({ root, clock, usage: () => ({ ...used }), parallelism: () => 8, ...more });
  const burn = (cpuMs: number, wallMs: number): void => {
    used.user += cpuMs * 750;
    used.system += cpuMs * 250;
    clock.advance(wallMs);
  };
  return { probe, burn };
}

describe('cpu', () => {
  test('is CPU time over time gone by, as a share of the CPUs there are', () => {
    const { probe, burn } = burning(machine({}));
    burn(4_000, 1_000);
    expect(probe.sample()).toEqual({ ratio: 0.5, readings: { used_cpus: 4, limit_cpus: 8 } });
  });

  test('is a share of the quota where that is less than the CPUs there are', () => {
    const { probe, burn } = burning(machine(v2Container));
    burn(250, 1_000);
    expect(probe.sample()).toEqual({ ratio: 0.5, readings: { used_cpus: 0.25, limit_cpus: 0.5, quota_cpus: 0.5 } });
  });

  test('a quota above the CPUs there are does not make room', () => {
    const { probe, burn } = burning(machine(v2Container), { parallelism: () => 0.25 });
    burn(250, 1_000);
    expect(probe.sample()).toMatchObject({ ratio: 1, readings: { limit_cpus: 0.25, quota_cpus: 0.5 } });
  });

  test('each sample covers the time since the one before, however late it comes', () => {
    const { probe, burn } = burning(machine({}));
    burn(8_000, 1_000);
    expect(probe.sample()?.ratio).toBe(1);
    burn(0, 1_000);
    expect(probe.sample()?.ratio).toBe(0);
    burn(8_000, 4_000);
    expect(probe.sample()?.ratio).toBe(0.25);
  });

  test('says nothing over less than 50 ms, and counts that time in the next sample', () => {
    const { probe, burn } = burning(machine({}));
    expect(probe.sample()).toBeUndefined();
    burn(40, 40);
    expect(probe.sample()).toBeUndefined();
    burn(0, 40);
    expect(probe.sample()?.readings).toHaveProperty('used_cpus', 0.5);
  });

  test.each([
    ['v1', v1, 'sys/fs/cgroup/cpu,cpuacct/cpu.stat', 'nr_periods 220\nnr_throttled 55\nthrottled_time 3500000000\n'],
    [
      'v2',
      v2,
      'sys/fs/cgroup/shop.slice/web.service/cpu.stat',
      'nr_periods 220\nnr_throttled 55\nthrottled_usec 3500000\n',
    ],
  ])('tells on %s in which share of the periods the quota held it back, and how long', (_, files, stat, later) => {
    const root = machine(files);
    const { probe, burn } = burning(root);
    put(root, stat, later);
    burn(100, 2_000);
    expect(probe.sample()?.readings).toMatchObject({ throttled_ratio: 0.25, throttled_seconds: 0.5 });
  });

  test('tells nothing of throttling when no period went by, or when another cgroup has the least quota now', () => {
    const root = machine(v2);
    const { probe, burn } = burning(root);
    burn(100, 1_000);
    expect(probe.sample()?.readings).not.toHaveProperty('throttled_ratio');
    put(root, 'sys/fs/cgroup/shop.slice/cpu.max', '50000 100000\n');
    put(root, 'sys/fs/cgroup/shop.slice/cpu.stat', 'nr_periods 900\nnr_throttled 900\nthrottled_usec 1\n');
    burn(100, 1_000);
    expect(probe.sample()?.readings).toEqual({ used_cpus: 0.1, limit_cpus: 0.5, quota_cpus: 0.5 });
  });
});

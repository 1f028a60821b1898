import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pressure } from '../../src/saturation/pressure.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { hybrid, machine, put, v1, v2, v2Container } from './cgroup-tree.js';

const file = (someUs: number, fullUs?: number) =>
  `some avg10=99.00 avg60=0.00 avg300=0.00 total=${someUs}\n` +
  (fullUs === undefined ? '' : `full avg10=98.00 avg60=0.00 avg300=0.00 total=${fullUs}\n`);
const HOST = { 'proc/pressure/io': file(0, 0), 'proc/pressure/cpu': file(0), 'proc/pressure/memory': file(0, 0) };
const LEAF = 'sys/fs/cgroup/shop.slice/web.service';

function watched(files: Record<string, string>, resource: 'cpu' | 'memory' | 'io' = 'io') {
  const clock = manualClock();
  const root = machine(files);
  return { clock, root, probe: pressure(resource, { root, clock }) };
}

describe('pressure', () => {
  test('is the share of the time since the last sample in which something waited, not the average that lags', () => {
    const { clock, root, probe } = watched({ ...v2, [`${LEAF}/io.pressure`]: file(1_000_000, 500_000) });
    put(root, `${LEAF}/io.pressure`, file(2_000_000, 750_000));
    clock.advance(4_000);
    expect(probe.sample()).toEqual({ ratio: 0.25, readings: { some_ratio: 0.25, full_ratio: 0.0625 } });
    clock.advance(4_000);
    expect(probe.sample()?.ratio).toBe(0);
  });

  test.each([
    ['v2', v2, `${LEAF}/memory.pressure`],
    ['v2 in a container', v2Container, 'sys/fs/cgroup/memory.pressure'],
    ['hybrid, whose memory controller is v1', hybrid, 'sys/fs/cgroup/unified/app/memory.pressure'],
  ])("is the cgroup's own on %s, whatever the host has", (_, files, own) => {
    const { clock, root, probe } = watched({ ...files, ...HOST, [own]: file(0, 0) }, 'memory');
    put(root, 'proc/pressure/memory', file(1_000_000, 1_000_000));
    put(root, own, file(100_000, 0));
    clock.advance(1_000);
    expect(probe.sample()?.readings).toEqual({ some_ratio: 0.1, full_ratio: 0 });
  });

  test.each([
    ['v1', v1],
    ['v2 without the file', v2],
    ['v2 with garbage in it', { ...v2, [`${LEAF}/io.pressure`]: 'some avg10=x total=\n' }],
    ['no cgroup at all', {}],
  ])('is the whole host on %s, and its keys say so', (_, files) => {
    const { clock, root, probe } = watched({ ...files, ...HOST });
    put(root, 'proc/pressure/io', file(500_000, 250_000));
    clock.advance(1_000);
    expect(probe.sample()).toEqual({ ratio: 0.5, readings: { host_some_ratio: 0.5, host_full_ratio: 0.25 } });
  });

  test('of an older kernel, whose cpu file has no line for full, has none', () => {
    const { clock, probe } = watched({ ...HOST }, 'cpu');
    clock.advance(1_000);
    expect(probe.sample()?.readings).toEqual({ host_some_ratio: 0 });
  });

  test('stays from 0 to 1 when the two clocks tick apart or the count starts anew', () => {
    const { clock, root, probe } = watched({ ...HOST });
    put(root, 'proc/pressure/io', file(1_000_900, 0));
    clock.advance(1_000);
    expect(probe.sample()?.ratio).toBe(1);
    put(root, 'proc/pressure/io', file(0, 0));
    clock.advance(1_000);
    expect(probe.sample()?.ratio).toBe(0);
  });

  test('is refused where the kernel keeps no figures, when it is made or later', () => {
    expect(() => pressure('io', { root: machine({ ...v2 }) })).toThrow('this kernel keeps no pressure figures for io');
    const { root, probe } = watched({ ...HOST });
    rmSync(join(root, 'proc/pressure/io'));
    expect(() => probe.sample()).toThrow('no pressure figures for io');
  });

  test('says nothing over less than 50 ms', () => {
    const { clock, probe } = watched({ ...HOST });
    clock.advance(49);
    expect(probe.sample()).toBeUndefined();
  });
});

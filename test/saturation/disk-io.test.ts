import { describe, expect, test } from 'vitest';
import { diskIo } from '../../src/saturation/disk-io.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { hybrid, machine, put, v1, v2 } from './cgroup-tree.js';

const own = (read: number, written: number) =>
  `rchar: 999999\nwchar: 999999\nsyscr: 9\nsyscw: 9\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: 7\n`;
const OWN = 'proc/self/io';
const LEAF = 'sys/fs/cgroup/shop.slice/web.service';
const stat = (read: number, written: number, device = '8:0') =>
  `${device} rbytes=${read} wbytes=${written} rios=1 wios=1 dbytes=0 dios=0\n`;

function reading(files: Record<string, string>) {
  const clock = manualClock();
  const root = machine(files);
  const probe = diskIo({ root, clock });
  return { clock, root, probe };
}

describe('disk traffic', () => {
  test('is of disks, not of the page cache, per second that really went by', () => {
    const { clock, root, probe } = reading({ ...v1, [OWN]: own(1_000, 5_000) });
    put(root, OWN, own(9_000, 25_000));
    clock.advance(4_000);
    expect(probe.sample()).toEqual({ ratio: 0, readings: { read_bytes: 2_000, written_bytes: 5_000 } });
  });

  test('of the v2 cgroup is there beside that of the process, over all its devices', () => {
    const { clock, root, probe } = reading({ ...v2, [OWN]: own(0, 0), [`${LEAF}/io.stat`]: stat(0, 0) });
    put(root, `${LEAF}/io.stat`, stat(10_000, 4_000) + stat(1_000, 1_000, '259:1'));
    clock.advance(1_000);
    expect(probe.sample()?.readings).toEqual({
      read_bytes: 0,
      written_bytes: 0,
      cgroup_read_bytes: 10_000, // a device that has just come starts from what it shows
      cgroup_written_bytes: 4_000,
    });
  });

  test('against a limit of io.max is a ratio, of the device that is nearest to its own', () => {
    const { clock, root, probe } = reading({
      ...v2,
      [OWN]: own(0, 0),
      [`${LEAF}/io.stat`]: stat(0, 0) + stat(0, 0, '259:1'),
      [`${LEAF}/io.max`]: '8:0 rbps=10000 wbps=max riops=max wiops=max\n259:1 rbps=max wbps=1000 riops=max wiops=max\n',
    });
    put(root, `${LEAF}/io.stat`, stat(5_000, 90_000) + stat(90_000, 800, '259:1'));
    clock.advance(1_000);
    expect(probe.sample()?.ratio).toBeCloseTo(0.8, 9);
  });

  test('that falls, as after a move to another cgroup, is none', () => {
    const { clock, root, probe } = reading({ ...v2, [OWN]: own(500, 500), [`${LEAF}/io.stat`]: stat(500, 500) });
    put(root, OWN, own(5, 5));
    put(root, `${LEAF}/io.stat`, stat(5, 5));
    clock.advance(1_000);
    const readings = probe.sample()?.readings ?? {};
    expect(Object.values(readings)).toEqual([0, 0, 0, 0]);
  });

  test('of a hybrid system, whose v2 tree has no io controller, is that of the process', () => {
    const { clock, probe } = reading({ ...hybrid, [OWN]: own(0, 0) });
    clock.advance(1_000);
    expect(Object.keys(probe.sample()?.readings ?? {})).toEqual(['read_bytes', 'written_bytes']);
  });

  test.each(['', 'garbage', '8:0 rbytes=x wbytes=\n', '\0\n8:0\n8:0 \n'])(
    'with an io.stat of %j gives no figure that is none',
    (text) => {
      const { clock, probe } = reading({
        ...v2,
        [OWN]: own(0, 0),
        [`${LEAF}/io.stat`]: text,
        [`${LEAF}/io.max`]: text,
      });
      clock.advance(1_000);
      expect(probe.sample()?.ratio).toBe(0);
      clock.advance(1_000);
      for (const value of Object.values(probe.sample()?.readings ?? {})) expect(value).toBe(0);
    },
  );

  test.each([{}, { [OWN]: '' }, { [OWN]: 'read_bytes: many\n' }])(
    'of a system that does not tell is refused',
    (files) => {
      expect(() => diskIo({ root: machine(files) })).toThrow('tells no disk traffic');
    },
  );
});

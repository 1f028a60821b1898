import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cgroupOf } from '../../src/saturation/cgroup.js';
import { hybrid, machine, v1, v2, v2Container } from './cgroup-tree.js';

describe('the cgroup of a controller', () => {
  test('on v2 it is the path in /proc/self/cgroup below the mount, with every folder above it', () => {
    const root = machine(v2);
    const mount = join(root, 'sys/fs/cgroup');
    const expected = { version: 2, folders: [join(mount, 'shop.slice/web.service'), join(mount, 'shop.slice'), mount] };
    expect(cgroupOf('memory', root)).toEqual(expected);
    expect(cgroupOf('cpu', root)).toEqual(expected);
  });

  test('in a container with a namespace it is the mount itself', () => {
    const root = machine(v2Container);
    expect(cgroupOf('memory', root)).toEqual({ version: 2, folders: [join(root, 'sys/fs/cgroup')] });
  });

  test('on v1 each controller has its own mount, and a mount may show one part of the tree only', () => {
    const root = machine(v1);
    expect(cgroupOf('memory', root)).toEqual({ version: 1, folders: [join(root, 'sys/fs/cgroup/memory')] });
    expect(cgroupOf('cpu', root)).toEqual({ version: 1, folders: [join(root, 'sys/fs/cgroup/cpu,cpuacct')] });
  });

  test('on a hybrid system each controller is looked for by itself', () => {
    const root = machine(hybrid);
    expect(cgroupOf('memory', root)?.version).toBe(1);
    expect(cgroupOf('cpu', root)).toEqual({
      version: 2,
      folders: [join(root, 'sys/fs/cgroup/unified/app'), join(root, 'sys/fs/cgroup/unified')],
    });
  });

  test('a v1 controller that is listed and not mounted is looked for in the v2 tree', () => {
    const root = machine({ ...v2, 'proc/self/cgroup': '4:memory:/old\n0::/shop.slice/web.service\n' });
    expect(cgroupOf('memory', root)?.version).toBe(2);
  });

  test('a path outside of the mount, as seen from another namespace, means the mount itself', () => {
    for (const path of ['/docker/abcdef', '/shop', '/']) {
      const root = machine({ ...v1, 'proc/self/cgroup': `11:memory:${path}\n` });
      expect(cgroupOf('memory', root)).toEqual({ version: 1, folders: [join(root, 'sys/fs/cgroup/memory')] });
    }
    const root = machine({ ...v2Container, 'proc/self/cgroup': '0::/../../elsewhere\n' });
    expect(cgroupOf('memory', root)).toEqual({ version: 2, folders: [join(root, 'sys/fs/cgroup')] });
  });

  test('of several mounts the one that shows the cgroup is taken', () => {
    const root = machine({
      ...v2,
      'proc/self/mountinfo': `29 23 0:26 /other /mnt/part rw - cgroup2 cgroup2 rw
30 23 0:26 / /mnt/empty rw - cgroup2 cgroup2 rw
${v2['proc/self/mountinfo']}`,
    });
    expect(cgroupOf('cpu', root)?.folders[0]).toBe(join(root, 'sys/fs/cgroup/shop.slice/web.service'));
  });

  test('a mount point with a blank in its name is found', () => {
    const root = machine({
      'proc/self/cgroup': '0::/\n',
      'proc/self/mountinfo': '31 23 0:26 / /sys/my\\040groups rw - cgroup2 cgroup2 rw\n',
    });
    expect(cgroupOf('cpu', root)?.folders).toEqual([join(root, 'sys/my groups')]);
  });

  test('a path with a colon in it is read to its end', () => {
    const root = machine({ ...v2, 'proc/self/cgroup': '0::/shop.slice/a:b\n' });
    expect(cgroupOf('cpu', root)?.folders[0]).toBe(join(root, 'sys/fs/cgroup/shop.slice/a:b'));
  });

  test('a machine without cgroups, or with garbage for them, has none', () => {
    expect(cgroupOf('cpu', machine({}))).toBeUndefined();
    expect(cgroupOf('cpu', '/nowhere at all')).toBeUndefined();
    expect(cgroupOf('cpu', machine({ 'proc/self/cgroup': '0::/\n' }))).toBeUndefined();
    expect(cgroupOf('cpu', machine({ 'proc/self/mountinfo': v2['proc/self/mountinfo'] }))).toBeUndefined();
    const garbage = '\0\n::::\n0:0\n31 23 - cgroup2\n'.repeat(50);
    expect(cgroupOf('cpu', machine({ 'proc/self/cgroup': garbage, 'proc/self/mountinfo': garbage }))).toBeUndefined();
  });
});

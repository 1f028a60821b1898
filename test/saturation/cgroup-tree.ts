import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A made-up machine: files by their path. Returns the folder to pass as `root`; it goes when the test ends. */
export function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'fourlights-cgroup-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  return root;
}

export function put(root: string, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** `/proc/self/mountinfo` and `/proc/self/cgroup` as Linux 6 prints them. */
const OTHER_MOUNTS = `23 1 254:0 / / rw,relatime - ext4 /dev/root rw
25 23 0:23 / /proc rw,nosuid - proc proc rw
`;

/** A service on a machine with v2 alone, three folders deep: `web.service` in `shop.slice`. */
export const v2 = {
  'proc/self/cgroup': '0::/shop.slice/web.service\n',
  'proc/self/mountinfo': `${OTHER_MOUNTS}31 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n`,
  'sys/fs/cgroup/cgroup.controllers': 'cpu memory io pids\n',
  'sys/fs/cgroup/shop.slice/memory.max': 'max\n',
  'sys/fs/cgroup/shop.slice/cpu.max': 'max 100000\n',
  'sys/fs/cgroup/shop.slice/web.service/memory.max': '536870912\n',
  'sys/fs/cgroup/shop.slice/web.service/cpu.max': '150000 100000\n',
  'sys/fs/cgroup/shop.slice/web.service/cpu.stat':
    'usage_usec 9000000\nuser_usec 8000000\nsystem_usec 1000000\nnr_periods 200\nnr_throttled 50\nthrottled_usec 3000000\n',
};

/** A container with its own cgroup namespace on v2: its cgroup looks like the root, and has limits nevertheless. */
export const v2Container = {
  'proc/self/cgroup': '0::/\n',
  'proc/self/mountinfo': `${OTHER_MOUNTS}31 23 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n`,
  'sys/fs/cgroup/memory.max': '268435456\n',
  'sys/fs/cgroup/cpu.max': '50000 100000\n',
};

/** A Docker container on v1 without a namespace: the mount shows only the container's part of the tree. */
export const v1 = {
  'proc/self/cgroup':
    '11:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n2:cpuset:/docker/abc\n1:name=systemd:/docker/abc\n',
  'proc/self/mountinfo': `${OTHER_MOUNTS}30 23 0:25 /docker/abc /sys/fs/cgroup/systemd ro - cgroup cgroup rw,xattr,name=systemd
33 23 0:28 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:11 - cgroup cgroup rw,cpu,cpuacct
34 23 0:29 /docker/abc /sys/fs/cgroup/memory ro,nosuid master:12 - cgroup cgroup rw,memory
`,
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '1073741824\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '250000\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.stat': 'nr_periods 200\nnr_throttled 50\nthrottled_time 3000000000\n',
};

/** Memory is a v1 controller, cpu belongs to the v2 tree that is mounted beside it. */
export const hybrid = {
  'proc/self/cgroup': '4:memory:/app\n1:name=systemd:/app\n0::/app\n',
  'proc/self/mountinfo': `${OTHER_MOUNTS}34 23 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
41 23 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`,
  'sys/fs/cgroup/memory/app/memory.limit_in_bytes': '104857600\n',
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  'sys/fs/cgroup/unified/app/cpu.max': '75000 100000\n',
};

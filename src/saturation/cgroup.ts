import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './kernel-file.js';

/** Where this process is accounted by one controller. */
export interface Cgroup {
  readonly version: 1 | 2;
  /** From the process's own cgroup up to the root of the mount. A limit on any of them holds, so the least one counts. */
  readonly folders: readonly string[];
}

/** `io` exists in v2 alone (v1 says `blkio`), so asking for it finds the v2 tree, beside v1 controllers too. */
type Controller = 'cpu' | 'memory' | 'io';

/**
 * Finds the cgroup of one controller: the path in `/proc/self/cgroup` below the mount in `/proc/self/mountinfo`.
 * Each controller is looked for by itself, v1 first: a hybrid system mounts v1 controllers beside a v2 tree that lacks
 * them. `undefined` where there are no cgroups. `root` is the folder that holds `proc` and `sys`.
 */
export function cgroupOf(controller: Controller, root = '/'): Cgroup | undefined {
  const memberships = membershipsOf(readText(join(root, 'proc/self/cgroup')) ?? '');
  const mounts = mountsOf(readText(join(root, 'proc/self/mountinfo')) ?? '', root);
  const first = memberships.find(({ controllers }) => controllers.includes(controller));
  const firstMounts = mounts.filter(({ type, options }) => type === 'cgroup' && options.includes(controller));
  const second = memberships.find(({ controllers }) => controllers.length === 0);
  const secondMounts = mounts.filter(({ type }) => type === 'cgroup2');
  return locate(1, first?.path, firstMounts) ?? locate(2, second?.path, secondMounts);
}

interface Membership {
  /** None for v2, whose line is `0::<path>`. */
  readonly controllers: readonly string[];
  readonly path: string;
}

function membershipsOf(text: string): Membership[] {
  return [...text.matchAll(/^\d+:([^:\n]*):(\/.*)$/gm)].map(([, controllers = '', path = '/']) => ({
    controllers: controllers === '' ? [] : controllers.split(','),
    path,
  }));
}

interface Mount {
  /** The cgroup that is seen at `point`: `/` unless only a part of the tree was mounted, as in a container. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Lines are `id parent device root point options [optional fields] - type source options`: proc_pid_mountinfo(5). */
function mountsOf(text: string, root: string): Mount[] {
  const lines = text.matchAll(/^\d+ \d+ \S+ (\S+) (\S+) .*?- (cgroup2?) \S+ (\S+)$/gm);
  return [...lines].map(([, seen = '', point = '', type = '', options = '']) => ({
    root: unquoted(seen),
    point: join(root, unquoted(point)),
    type,
    options: options.split(','),
  }));
}

/** Blanks and backslashes stand in mountinfo as three octal digits. */
function unquoted(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function locate(version: 1 | 2, path: string | undefined, mounts: readonly Mount[]): Cgroup | undefined {
  const [any] = mounts;
  if (path === undefined || any === undefined) return undefined;
  const ways = mounts.map((mount) => wayUp(path, mount)).filter((way) => way !== undefined);
  // A path outside of every mount belongs to another namespace: what is mounted here is then all that can be seen.
  const folders = ways.find(([own]) => own !== undefined && existsSync(own)) ?? ways[0] ?? [any.point];
  return { version, folders };
}

/** The folders of the cgroup and those above it, nearest first; `undefined` when this mount does not show the cgroup. */
function wayUp(path: string, mount: Mount): string[] | undefined {
  const above = mount.root === '/' ? '' : mount.root;
  const steps = path.slice(above.length).split('/').filter(Boolean);
  const inside = path === above || path.startsWith(`${above}/`);
  if (!inside || steps.includes('..')) return undefined;
  return [...steps.map((_, up) => join(mount.point, ...steps.slice(0, steps.length - up))), mount.point];
}

import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port of the loopback that was free a moment ago. */
export async function sparePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whom servers run as that refuse root: `nobody`, or whoever runs the tests where that is not root. */
export interface Unprivileged {
  readonly uid: number;
  readonly gid: number;
}

export function unprivileged(): Unprivileged {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid };
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A folder of that user's, below the system's folder for such. */
export function folderOf({ uid, gid }: Unprivileged, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `fourlights-${name}-`));
  chownSync(folder, uid, gid);
  return folder;
}

/** Where the program is: on the PATH, or in the newest of Debian's folders for PostgreSQL. */
export function found(program: string): string | undefined {
  const which = spawnSync('which', [program], { encoding: 'utf8' });
  if (which.status === 0) return which.stdout.trim();
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
  return newest.map((version) => join(versions, version, 'bin', program)).find((path) => existsSync(path));
}

/** A server that was started for a test. */
export interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it, waits until `isUp` says so, and clears away the process and its folder at `stop`. */
export async function running(
  start: () => { readonly child: ChildProcess; readonly folder: string; readonly port: number },
  isUp: (port: number) => boolean,
): Promise<Running> {
  const { child, folder, port } = start();
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    if (isUp(port)) return { port, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${child.spawnfile} did not start: ${output.slice(-2_000)}`);
}

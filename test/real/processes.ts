import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server of somebody else's, whose last words are kept for when it fails. */
export interface Running {
  readonly child: ChildProcess;
  said(): string;
  stop(signal: NodeJS.Signals): Promise<void>;
}

export function run(command: string, args: readonly string[], options: SpawnOptions): Running {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
    });
  }
  running.add(child);
  child.on('exit', () => running.delete(child));
  return {
    child,
    said: () => said,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

export const execute = promisify(execFile);

/** Where PostgreSQL's programs are: on the path, or where Debian's packages put them. */
export function postgresFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'createdb')));
}

/** PostgreSQL refuses to run as root. */
export function unprivileged(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
}

/** Tries until it works, or the server has ended, or the time is up. */
export async function eventually<T>(server: Running, limitMs: number, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      const gone = server.child.exitCode !== null;
      if (gone || performance.now() > end)
        throw new Error(`${server.child.spawnfile} is not there:\n${server.said()}`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { folderOf, found, type Running, running, sparePort, unprivileged } from './servers.js';

/** Whether PostgreSQL is installed here (Debian: `postgresql`). */
export const hasPostgres: boolean = found('initdb') !== undefined && found('postgres') !== undefined;

/** A cluster of its own with a superuser `test` without a password, on the loopback alone; gone at `stop`. */
export async function postgres(): Promise<Running> {
  const [initdb = '', server = '', isReady = ''] = ['initdb', 'postgres', 'pg_isready'].map((name) => found(name));
  const user = unprivileged();
  const folder = folderOf(user, 'postgres');
  const port = await sparePort();
  const options = { ...user, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const data = `${folder}/data`;
  execFileSync(initdb, ['-D', data, '-U', 'test', '--auth=trust', '--no-sync', '-E', 'UTF8'], options);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const start = () => {
    const child = spawn(server, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], options);
    return { child, folder, port };
  };
  return running(start, () => spawnSync(isReady, ['-h', '127.0.0.1', '-p', String(port), '-U', 'test']).status === 0);
}

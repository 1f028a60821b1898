import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { folderOf, found, type Running, running, sparePort, unprivileged } from './servers.js';

const PROGRAMS = ['mariadb-install-db', 'mariadbd', 'mariadb-admin'] as const;

/** Whether MariaDB is installed here (Debian: `mariadb-server`). */
export const hasMariadb: boolean = PROGRAMS.every((name) => found(name) !== undefined);

/** A server of its own that lets everybody in, on the loopback alone; gone at `stop`. */
export async function mariadb(): Promise<Running> {
  const [install = '', server = '', admin = ''] = PROGRAMS.map((name) => found(name));
  const user = unprivileged();
  const folder = folderOf(user, 'mariadb');
  const port = await sparePort();
  const options = { ...user, cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } };
  const place = [`--datadir=${folder}/data`];
  execFileSync(install, ['--no-defaults', ...place, '--skip-test-db', '--auth-root-authentication-method=normal'], {
    ...options,
    stdio: 'ignore',
  });
  const settings = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${folder}/s`, '--skip-grant-tables'];
  const start = () => ({
    child: spawn(server, ['--no-defaults', ...place, ...settings, '--skip-networking=0'], options),
    folder,
    port,
  });
  const ping = ['--no-defaults', '-h', '127.0.0.1', '-P', String(port), '--protocol=tcp', 'ping'];
  return running(start, () => spawnSync(admin, ping).status === 0);
}

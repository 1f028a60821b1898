import { spawn, spawnSync } from 'node:child_process';
import { folderOf, found, type Running, running, sparePort, unprivileged } from './servers.js';

/** Whether Redis is installed here (Debian: `redis-server`). */
export const hasRedis: boolean = found('redis-server') !== undefined && found('redis-cli') !== undefined;

/** A server of its own that keeps nothing, on the loopback alone; gone at `stop`. */
export async function redis(): Promise<Running> {
  const [server = '', cli = ''] = ['redis-server', 'redis-cli'].map((name) => found(name));
  const user = unprivileged();
  const folder = folderOf(user, 'redis');
  const port = await sparePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const start = () => ({ child: spawn(server, settings, { ...user, cwd: folder }), folder, port });
  return running(
    start,
    () =>
      spawnSync(cli, ['-p', String(port), 'ping'])
        .stdout?.toString()
        .trim() === 'PONG',
  );
}

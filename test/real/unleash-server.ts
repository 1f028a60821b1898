import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, execute, type Running, run, unprivileged } from './processes.js';
import { sparePort } from './servers.js';

/** AGPL: a tool of this test, installed for it alone, and never a dependency. */
const PACKAGE = 'unleash-server@8.2.0';
const TOKEN = `*:development.${'0123456789abcdef'.repeat(3)}`;
const ADMIN_TOKEN = `*:*.${'fedcba9876543210'.repeat(3)}`;

/** An Unleash server with a database of its own, on spare ports of loopback. */
export interface UnleashServer {
  /** For clients. */
  readonly url: string;
  readonly token: string;
  /** For its admin API, which refuses that of clients. */
  readonly adminToken: string;
  /** A call of its admin API. */
  admin(path: string, body?: object): Promise<void>;
  /** It answers no more; what it knows stays. */
  pause(): Promise<void>;
  stop(): Promise<void>;
}

export async function unleashServer(postgres: string): Promise<UnleashServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-unleash-'));
  chmodSync(folder, 0o755);
  const database = await startPostgres(postgres, folder);
  const port = await sparePort();
  const server = run(process.execPath, ['start.cjs'], {
    cwd: await installed(database.port, port),
    env: { ...process.env, CHECK_VERSION: 'false', SEND_TELEMETRY: 'false', NODE_ENV: 'production' },
  });
  const url = `http://127.0.0.1:${port}`;
  const admin = async (path: string, body: object = {}): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/admin/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
  };
  await eventually(server, 120_000, async () => {
    const { ok } = await fetch(`${url}/health`);
    if (!ok) throw new Error('not healthy yet');
  });
  return {
    url: `${url}/api`,
    token: TOKEN,
    adminToken: ADMIN_TOKEN,
    admin,
    pause: () => server.stop('SIGKILL'),
    stop: async () => {
      await server.stop('SIGKILL');
      await database.running.stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startPostgres(programs: string, folder: string): Promise<{ port: number; running: Running }> {
  const data = join(folder, 'pg');
  const user = unprivileged();
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
  const as = { ...user, cwd: data };
  await execute(
    join(programs, 'initdb'),
    ['-D', join(data, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync'],
    as,
  );
  const port = await sparePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'fsync=off'];
  const args = ['-D', join(data, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
  const running = run(join(programs, 'postgres'), args, as);
  await eventually(running, 30_000, () =>
    execute(join(programs, 'createdb'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', 'unleash'], as),
  );
  return { port, running };
}

/** Into a folder that the next run finds again: it is 430 packages. */
async function installed(databasePort: number, port: number): Promise<string> {
  const folder = join(tmpdir(), `fourlights-${PACKAGE.replace('@', '-')}`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'installed'))) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await execute('npm', ['install', '--no-audit', '--no-fund', '--no-save', PACKAGE], { cwd: folder });
    writeFileSync(join(folder, 'installed'), PACKAGE);
  }
  writeFileSync(join(folder, 'start.cjs'), program(databasePort, port));
  return folder;
}

function program(databasePort: number, port: number): string {
  const apiToken = { environment: 'development', projects: ['*'], secret: TOKEN, type: 'client', tokenName: 'test' };
  const adminToken = { environment: '*', projects: ['*'], secret: ADMIN_TOKEN, type: 'admin', tokenName: 'admin' };
  const options = {
    db: { user: 'postgres', password: 'x', host: '127.0.0.1', port: databasePort, database: 'unleash', ssl: false },
    server: { port, host: '127.0.0.1' },
    authentication: { type: 'none', initApiTokens: [apiToken, adminToken] },
    versionCheck: { enable: false },
    telemetry: false,
  };
  return `require('unleash-server').start(${JSON.stringify(options)});`;
}

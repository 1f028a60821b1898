import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const isInstalled = () => spawnSync('prometheus', ['--version']).status === 0;

/** A real Prometheus (Debian's package of that name) on a spare port, that scrapes every second and forgets all at the end. */
export class Prometheus {
  #folder = mkdtempSync(join(tmpdir(), 'fourlights-canary-'));
  #targets = new Set();
  #child;
  url = '';

  async start() {
    const port = await sparePort();
    this.url = `http://127.0.0.1:${port}`;
    this.#write();
    const job = `{ job_name: checkout, file_sd_configs: [{ files: [${join(this.#folder, 'targets.json')}], refresh_interval: 1s }] }`;
    const config = join(this.#folder, 'prometheus.yml');
    writeFileSync(config, `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs: [${job}]\n`);
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(this.#folder, 'data')}`];
    this.#child = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries++) {
      if (
        await fetch(`${this.url}/-/ready`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('prometheus is not ready after 10 s');
  }

  /** @param {number} port where /metrics is */
  scrape(port) {
    this.#targets.add(`127.0.0.1:${port}`);
    this.#write();
  }

  async stop() {
    if (this.#child?.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** In one piece: it reads the file whenever it likes. */
  #write() {
    const file = join(this.#folder, 'targets.json');
    writeFileSync(`${file}.new`, JSON.stringify([{ targets: [...this.#targets] }]));
    renameSync(`${file}.new`, file);
  }
}

async function sparePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

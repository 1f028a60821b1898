import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sparePort } from './servers.js';

export interface ReleaseSpec {
  readonly version: string;
  readonly errorRatio: number;
  readonly requestsPerSecond: number;
}

const FIXTURE = fileURLToPath(new URL('fixtures/release.ts', import.meta.url));

/** Versions of one service as real processes under load, and a real Prometheus that scrapes them every second. */
export class Releases {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fourlights-verdict-'));
  readonly #children: ChildProcess[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #agent = new http.Agent({ keepAlive: true });
  #port = 0;

  get prometheus(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(specs: readonly ReleaseSpec[]): Promise<void> {
    const program = join(this.#folder, 'release.cjs');
    await build({
      entryPoints: [FIXTURE],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      external: ['pino', '@opentelemetry/*', 'hdr-histogram-js'],
      define: { 'import.meta.url': '__filename' },
    });
    const members = await Promise.all(specs.map((spec) => this.#release(program, spec)));
    await this.#scrape(members.map(({ admin }) => admin));
    for (const [i, { port }] of members.entries()) this.#load(port, specs[i]?.requestsPerSecond ?? 0);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#agent.destroy();
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #release(program: string, spec: ReleaseSpec): Promise<{ port: number; admin: number }> {
    const child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        RELEASE: JSON.stringify(spec),
        NODE_PATH: fileURLToPath(new URL('../../node_modules', import.meta.url)),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) return JSON.parse(line);
    throw new Error(`version ${spec.version} said nothing`);
  }

  async #scrape(ports: readonly number[]): Promise<void> {
    this.#port = await sparePort();
    const config = join(this.#folder, 'prometheus.yml');
    const targets = ports.map((port) => `'127.0.0.1:${port}'`).join(', ');
    writeFileSync(
      config,
      `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs: [{ job_name: checkout, static_configs: [{ targets: [${targets}] }] }]\n`,
    );
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(this.#folder, 'data')}`];
    this.#children.push(
      spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${this.#port}`], { stdio: 'ignore' }),
    );
    for (let tries = 0; tries < 300; tries++) {
      if ((await this.query('count(service_info)').catch(() => 0)) === ports.length) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('prometheus did not scrape all versions within 30 s');
  }

  /** The first value; NaN when there is none. */
  async query(query: string): Promise<number> {
    const response = await fetch(`${this.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1]);
  }

  #load(port: number, requestsPerSecond: number): void {
    const began = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      for (const due = ((performance.now() - began) / 1000) * requestsPerSecond; sent < due; sent++) {
        http
          .get({ port, host: '127.0.0.1', agent: this.#agent }, (response) => response.resume())
          .on('error', () => {});
      }
    }, 10);
    this.#timers.push(timer);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { until } from '../support/until.js';

export interface Settings {
  readonly delayMs?: number;
  readonly deadlineMs?: number;
  readonly workMs?: number;
  readonly end?: 'none' | 'waits' | 'closes' | 'signal-exit';
}

export interface Happening {
  readonly event: string;
  readonly [field: string]: unknown;
}

const FIXTURE = fileURLToPath(new URL('fixtures/service.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fourlights-drain-'));
const program = join(folder, 'service.cjs');
const running = new Set<ChildProcess>();

export async function built(): Promise<void> {
  await build({
    entryPoints: [FIXTURE],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
}

export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** A service of `fixtures/service.ts` as a process of its own. */
export class Service {
  readonly happenings: Happening[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #signalled = Number.NaN;
  #over = Number.NaN;

  constructor(settings: Settings) {
    this.#child = spawn(process.execPath, [program], {
      env: { ...process.env, SERVICE: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(this.#child);
    const { stdout } = this.#child;
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', (line) => this.happenings.push(JSON.parse(line)));
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#over = performance.now();
        running.delete(this.#child);
        resolve({ code, signal });
      });
    });
  }

  static async started(settings: Settings): Promise<Service> {
    const service = new Service(settings);
    await until(() => service.has('listening'));
    return service;
  }

  has(event: string): boolean {
    return this.happenings.some((happening) => happening.event === event);
  }

  get events(): string[] {
    return this.happenings.map(({ event }) => event);
  }

  get port(): number {
    return Number(this.happenings.find(({ event }) => event === 'listening')?.['port']);
  }

  terminate(): void {
    this.#signalled = performance.now();
    this.#child.kill('SIGTERM');
  }

  /** From SIGTERM to the end of the process. */
  get endedAfterMs(): number {
    return this.#over - this.#signalled;
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

export function get(port: number, path: string, agent?: http.Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, path, host: '127.0.0.1', agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    request.on('error', reject);
  });
}

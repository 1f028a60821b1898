import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A process of the service. */
export interface Member {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
}

const FIXTURE = fileURLToPath(new URL('fixtures/service.ts', import.meta.url));

/** The service of `fixtures/service.ts` as real processes. */
export class Service {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fourlights-metrics-'));
  readonly #children: ChildProcess[] = [];

  /** Its processes, the primary first, when all of them listen. */
  async start(settings: {
    readonly workers?: number;
    readonly reportMs?: number;
    readonly buckets?: number[];
    readonly delayMs?: [number, number];
  }): Promise<Member[]> {
    const outfile = join(this.#folder, 'service.cjs');
    await build({ entryPoints: [FIXTURE], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    const child = spawn(process.execPath, [outfile], {
      env: { ...process.env, SERVICE: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    const members: Member[] = [];
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      members.push(JSON.parse(line));
      if (members.length === 1 + (settings.workers ?? 0)) break;
    }
    return members.sort((a, b) => a.name.localeCompare(b.name));
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Asks one process again and again over so many connections, and counts what it answers. */
export class Load {
  /** Seconds of each answer. */
  readonly durations: number[] = [];
  readonly #agent: http.Agent;
  readonly #port: number;
  readonly #loops: Promise<void>[];
  #on = true;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    this.#loops = Array.from({ length: connections }, () => this.#loop());
  }

  get answered(): number {
    return this.durations.length;
  }

  /** Lets the requests under way end. */
  async stop(): Promise<void> {
    this.#on = false;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  async #loop(): Promise<void> {
    while (this.#on) {
      const began = performance.now();
      const { status } = await get(this.#port, '/', {}, this.#agent).catch(() => ({ status: 0 })); // it has been killed
      if (status === 200) this.durations.push((performance.now() - began) / 1000);
    }
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly ms: number;
}

export function get(
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  agent?: http.Agent,
): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            ms: performance.now() - began,
          }),
        );
      })
      .on('error', reject);
  });
}

/** Samples of a text by name and labels, as they stand there. */
export function samples(text: string): Map<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name = '', value = ''] = /^(\S+?(?:\{.*?\})?) (\S+)/.exec(line) ?? [];
        return [name, Number(value)] as const;
      }),
  );
}

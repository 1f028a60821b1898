import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ObserveOptions, ShutdownReport } from '../../../src/index.js';
import { until } from '../../support/until.js';
import type { Tools } from './tools.js';

const SERVICE = fileURLToPath(new URL('service.mjs', import.meta.url));

/** How the process is started. */
interface Start {
  /** Without the library, to compare with. */
  readonly bare?: boolean;
  /** Options of node. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What starts it, such as `['faketime', '-f', '+1h']`. */
  readonly through?: readonly string[];
  /** What reads its standard output: we, nobody, or a descriptor. */
  readonly stdout?: 'read' | 'stopped' | number;
}

/** How the service is made. Functions run inside of it: they see their argument and nothing of this side. */
export interface Plan<A = undefined> extends Start {
  readonly options?: (tools: Pick<Tools<A>, 'lib' | 'require' | 'kept' | 'argument'>) => ObserveOptions;
  /** Before `observe()`. */
  readonly before?: (tools: Pick<Tools<A>, 'require' | 'kept' | 'argument'>) => unknown;
  readonly argument?: A;
}

/** A plan, of whose functions the text is all that matters. */
type Text = { toString(): string } | undefined;
type PlanText = Start & { readonly options?: Text; readonly before?: Text; readonly argument?: unknown };

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Line = Readonly<Record<string, unknown>>;

/** A service of `service.mjs` in a process of its own, seen from outside and, by `run`, from within. */
export class Host {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  readonly listening: Promise<unknown>;
  /** What reached the process's last resort. */
  readonly uncaught: string[] = [];
  readonly agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
  port = 0;
  over = false;
  /** Its fault ends it: what reaches the last resort is the application's. */
  mayEnd = false;
  stdout = '';
  stderr = '';
  #asked = 0;
  #reads = false;
  readonly #answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  constructor({ options, before, argument, bare, node = [], env = {}, through = [], stdout = 'read' }: PlanText) {
    const plan = { options: options?.toString(), before: before?.toString(), argument, bare };
    const [command = '', ...args] = [...through, process.execPath, ...node, SERVICE];
    this.child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '', SERVICE: JSON.stringify(plan), ...env },
      stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', 'pipe', 'ipc'],
    });
    if (stdout === 'read') this.read();
    else this.child.once('exit', () => this.read()); // Node lets what is left flow away now
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.child.on('message', (message) => this.#hear(message as Message));
    this.ended = once(this.child, 'exit').then(([code, signal]) => {
      this.over = true;
      for (const { reject } of this.#answers.values()) reject(new Error(`the service has ended: ${this.stderr}`));
      this.agent.destroy();
      return { code, signal };
    });
    this.listening = new Promise((resolve, reject) => {
      this.#answers.set(0, { resolve, reject });
    });
  }

  /** From now on, where its standard output was not read. */
  read(): void {
    if (this.#reads) return;
    this.#reads = true;
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
  }

  /** Runs `work` inside of the service and answers with what it gives back. */
  run<T>(work: (tools: Tools) => T): Promise<Awaited<T>>;
  run<T, A>(work: (tools: Tools<A>) => T, argument: A): Promise<Awaited<T>>;
  run(work: (tools: never) => unknown, argument?: unknown): Promise<never> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ id, work: work.toString(), argument });
    });
  }

  get(path: string, options: http.RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port: this.port, path, agent: this.agent, ...options },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject).end(body);
    });
  }

  /** So many requests, so many at a time. */
  async requests(count: number, path = '/ok', atATime = 20): Promise<void> {
    let left = count;
    const client = async (): Promise<void> => {
      while (left-- > 0) await this.get(path);
    };
    await Promise.all(Array.from({ length: atATime }, client));
  }

  /** The log so far, line by line. */
  lines(): Line[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line));
  }

  /** What the library has said of itself, in the log. */
  notices(code?: string | RegExp): Line[] {
    return this.lines().filter(
      (line) =>
        line['event'] === 'fourlights_notice' &&
        (code === undefined || (typeof code === 'string' ? line['code'] === code : code.test(String(line['code'])))),
    );
  }

  records(): Line[] {
    return this.lines().filter(({ event }) => event === 'http_request');
  }

  inFlight(): Promise<number> {
    return this.run(({ lib }) => lib.signals.snapshot().traffic.inFlight);
  }

  /** Waits until no request is in flight. */
  async quiet(): Promise<void> {
    let inFlight = -1;
    for (let tries = 0; tries < 500 && inFlight !== 0; tries++) {
      inFlight = await this.inFlight();
      if (inFlight !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(inFlight).toBe(0);
  }

  shutdown(): Promise<ShutdownReport> {
    return this.run(({ lib }) => lib.shutdown());
  }

  async notice(code: string | RegExp, limitMs = 30_000): Promise<Line> {
    await until(() => this.notices(code).length > 0, limitMs);
    return this.notices(code)[0] as Line;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  #hear({ id, value, error, port, uncaught }: Message): void {
    if (uncaught !== undefined) this.uncaught.push(uncaught);
    if (port !== undefined) this.port = port;
    if (id === undefined) return;
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === undefined) answer?.resolve(value);
    else answer?.reject(new Error(error));
  }
}

interface Message {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly port?: number;
  readonly uncaught?: string;
}

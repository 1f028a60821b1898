import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { jsonLines, root } from '../package/program.js';

export const STAGES = ['before', 'beside', 'after'] as const;
export type Stage = (typeof STAGES)[number];

const PRELOAD = pathToFileURL(join(root, 'test/migrations/listen.mjs')).href;

/** An example that runs, as the documents show it, until the test is over. */
export class App {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #said: string[];

  constructor(url: string, child: ChildProcess, said: string[]) {
    this.url = url;
    this.#child = child;
    this.#said = said;
  }

  get said(): string {
    return this.#said.join('');
  }

  get lines(): Record<string, unknown>[] {
    return jsonLines(this.said);
  }

  async get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  /** By SIGTERM, as an orchestrator would; resolves when it is gone and all that it said is here. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.kill();
    await gone;
  }
}

/** Starts `examples/migrations/<file>`; rejects with what it said where it ends before it listens. */
export async function start(file: string, env: Readonly<Record<string, string>> = {}): Promise<App> {
  const child = fork(join(root, 'examples/migrations', file), {
    execArgv: ['--import', PRELOAD],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(String(chunk)));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { readonly port: number }) => resolve(message.port));
    child.once('close', () => reject(new Error(`${file} ended: ${said.join('')}`)));
  });
  const app = new App(`http://127.0.0.1:${port}`, child, said);
  onTestFinished(() => app.stop());
  return app;
}

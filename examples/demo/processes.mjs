import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A good end takes less; what has not ended by then is killed. */
const TERM_MS = 2000;

/**
 * The services of the demo, each a process of its own. They send their port and then their golden signals over IPC,
 * and their log lines on standard output.
 */
export class Services {
  #running = new Map();
  #onLine;
  #onDeath;
  #stopping = false;
  /**
   * The last golden signals of each service, and when they came.
   * @type {Map<string, { signals: import('fourlights').GoldenSignals, atMs: number }>}
   */
  latest = new Map();

  /**
   * @param {object} hooks
   * @param {(service: string, line: string) => void} hooks.onLine each line of standard output
   * @param {(service: string, how: string) => void} hooks.onDeath a service ended that nobody stopped
   */
  constructor({ onLine, onDeath }) {
    this.#onLine = onLine;
    this.#onDeath = onDeath;
  }

  /**
   * Starts one service and waits until it listens.
   * @param {string} service
   * @param {URL} program
   * @param {{ env: Readonly<Record<string, string>>, signal: AbortSignal }} options `signal`: ends the waiting
   * @returns {Promise<{ pid: number, url: string, pageUrl: string | undefined }>}
   */
  async start(service, program, { env, signal }) {
    signal.throwIfAborted();
    const child = fork(program, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    this.#running.set(child, once(child, 'close'));
    child.once('close', (code, killer) => this.#closed(service, child, code, killer));
    createInterface({ input: child.stdout }).on('line', (line) => this.#onLine(service, line));
    const [{ port, page }] = await once(child, 'message', { signal });
    child.on('message', ({ signals }) => this.latest.set(service, { signals, atMs: Date.now() }));
    const pageUrl = page === undefined ? undefined : `http://127.0.0.1:${page}/`;
    return { pid: child.pid, url: `http://127.0.0.1:${port}`, pageUrl };
  }

  /** SIGTERM first, SIGKILL after two seconds; resolves when all have ended and their last lines are in. */
  async stop() {
    this.#stopping = true;
    const children = [...this.#running.keys()];
    for (const child of children) child.kill('SIGTERM');
    const patience = setTimeout(() => {
      for (const child of children) child.kill('SIGKILL');
    }, TERM_MS);
    await Promise.allSettled(this.#running.values());
    clearTimeout(patience);
    return children.length;
  }

  #closed(service, child, code, killer) {
    this.#running.delete(child);
    if (!this.#stopping) this.#onDeath(service, killer === null ? `exit code ${code}` : killer);
  }
}

import { fork } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = new URL('service.mjs', import.meta.url);

/** Processes of the service, one a version. */
export class Releases {
  #running = new Map();

  /**
   * Starts a version and waits until it listens and says that it is ready.
   * @param {string} version
   * @param {number} [errorRatio]
   * @returns {Promise<{ port: number, admin: number }>}
   */
  async start(version, errorRatio = 0) {
    const env = { ...process.env, VERSION: version, ERROR_RATIO: String(errorRatio) };
    const child = fork(PROGRAM, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#running.set(version, { child, closed: once(child, 'close') });
    const [ports] = await once(child, 'message');
    const { status } = await fetch(`http://127.0.0.1:${ports.admin}/readyz`);
    if (status !== 200) throw new Error(`version ${version} is not ready: ${status}`);
    return ports;
  }

  /** SIGTERM, and the rest is the version's own: it drains. Resolves with how long that took and how it ended. */
  async stop(version) {
    const { child, closed } = this.#running.get(version);
    this.#running.delete(version);
    const began = performance.now();
    child.kill('SIGTERM');
    const [code, signal] = await closed;
    return { seconds: ((performance.now() - began) / 1000).toFixed(1), how: signal ?? `code ${code}` };
  }

  async stopAll() {
    await Promise.all([...this.#running.keys()].map((version) => this.stop(version)));
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A service under way, as a process of its own. */
export class Service {
  #child;
  #ended;
  #ports;
  #events = new Set();

  /**
   * @param {URL} program prints a line `listening` with its ports
   * @param {Readonly<Record<string, string>>} [env]
   */
  constructor(program, env = {}) {
    if (!existsSync(new URL('../../dist/index.js', import.meta.url))) throw new Error('first: npm run build');
    const settings = { PORT: '0', FOURLIGHTS_ADMIN_PORT: '0', ...env };
    this.#child = spawn(process.execPath, [fileURLToPath(program)], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#ended = once(this.#child, 'close');
    this.#ports = new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        console.log(line);
        const { event, port, admin } = JSON.parse(line);
        this.#events.add(event);
        if (event === 'listening') resolve({ port, admin });
      });
      this.#ended.then(([code]) => reject(new Error(`the service ended with ${code}`)));
    });
  }

  /** Resolves with the status and the text of the answer. */
  async get(path, headers = {}) {
    const response = await fetch(`http://127.0.0.1:${(await this.#ports).port}${path}`, { headers });
    return { status: response.status, text: await response.text() };
  }

  /** Whether a line of this event has come. */
  hasSaid(event) {
    return this.#events.has(event);
  }

  /** JSON of the admin surface. */
  async api(name) {
    return (await fetch(`http://127.0.0.1:${(await this.#ports).admin}/api/${name}`)).json();
  }

  /** Samples of `/metrics` that begin with `prefix`. */
  async metrics(prefix) {
    const response = await fetch(`http://127.0.0.1:${(await this.#ports).admin}/metrics`);
    return (await response.text()).split('\n').filter((line) => line.startsWith(prefix));
  }

  /** As an orchestrator does it. Resolves with how it ended: SIGTERM, unless something went wrong. */
  async stop() {
    this.#child.kill('SIGTERM');
    const [code, signal] = await this.#ended;
    return signal ?? code;
  }
}

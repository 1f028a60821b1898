import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const STDERR_KEPT = 2_000;
const QUIET = /^(OTEL_|NODE_OPTIONS$|LOG_LEVEL$|PORT$|BENCH_)/; // what would change the work of a variant

/** Whether the server has a core of its own. */
export const pinned = [SERVER_CORE, LOAD_CORE].every((core) => spawnSync('taskset', ['-c', core, 'true']).status === 0);

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

export const startSubject = (file, options) => start(file, { ...options, core: SERVER_CORE });
/** One answer of a process that lives for it alone. */
export async function asked(file, options, question, argument, seconds = 180) {
  const subject = startSubject(file, options);
  try {
    return await subject.ask(question, argument, seconds);
  } finally {
    await subject.end();
  }
}

export const startLoad = () => start('harness/load.mjs', { core: LOAD_CORE });
export const startHolder = () => start('harness/holder.mjs', { core: LOAD_CORE });
export const startSink = () => start('harness/sink.mjs', { core: LOAD_CORE });

/**
 * A process that answers questions over IPC (`answer.cjs`).
 * @param {string} file
 * @param {{ core: string, node?: string, nodeArgs?: string[], args?: string[], env?: Record<string, string> }} options
 */
function start(file, { core, node = process.execPath, nodeArgs = [], args = [], env = {} }) {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const [command, ...rest] = [...(pinned ? ['taskset', '-c', core] : []), node, ...nodeArgs, file, ...args];
  const inherited = Object.entries(process.env).filter(([name]) => !QUIET.test(name));
  const child = spawn(command, rest, {
    cwd,
    env: { ...Object.fromEntries(inherited), NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  running.add(child);

  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-STDERR_KEPT);
  });
  // Not the 'close' event: it never comes once this side has disconnected.
  const gone = Promise.all([once(child, 'exit'), once(child.stderr, 'close')])
    .then(
      ([[code, signal]]) => new Error(`${file} ended by itself (${signal ?? `exit code ${code}`})\n${stderr}`.trim()),
    )
    .catch((error) => error)
    .finally(() => running.delete(child));
  child.on('error', () => {}); // told through `gone`

  return {
    /** @returns {Promise<any>} */
    ask(question, argument, seconds = 20) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          child.kill('SIGKILL'); // a late answer would be taken for the answer to the next question
          reject(new Error(`${file} did not answer "${question}" within ${seconds} s`));
        }, seconds * 1000);
        child.once('message', (reply) => {
          clearTimeout(late);
          if ('error' in reply) reject(new Error(reply.error));
          else resolve(reply.answer);
        });
        void gone.then((error) => {
          clearTimeout(late);
          reject(error);
        });
        if (child.connected) child.send({ question, argument });
      });
    },

    /** Ends the process, by force when it does not go within five seconds. */
    async end() {
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(force);
    },
  };
}

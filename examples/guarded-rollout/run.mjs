// Real traffic on a shop with two guarded flags. One of the features breaks at its second stage and is taken back; the other
// one is sound and arrives at 100 %. Both by themselves, on evidence.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

const RATE = 800;
const USERS = 1000;
const LIMIT_MS = 300_000;
const PATHS = ['checkout', 'search'];

const began = performance.now();
const child = fork(new URL('service.mjs', import.meta.url), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
const closed = once(child, 'close');

function say(text) {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

/** How each flag ended, by its key. */
const ends = new Map();

/** Resolves when both flags have arrived somewhere. What is told are the service's own log lines. */
function arrived() {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`undecided after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { event, flag, from, to, reason } = JSON.parse(line);
      if (!event.startsWith('rollout_')) return;
      say(`${flag}: ${event.slice('rollout_'.length).replace('_', ' ')}, ${from} % -> ${to} %: ${reason}`);
      if (event === 'rollout_rolled_back' || event === 'rollout_done') ends.set(flag, event);
      if (ends.size < 2) return;
      clearTimeout(limit);
      resolve();
    });
  });
}

function load(url) {
  let next = 0;
  const setupRequest = (request) => {
    const user = next++;
    return { ...request, path: `/${PATHS[user % 2]}/user-${Math.floor(user / 2) % USERS}` };
  };
  return autocannon({ url, connections: 20, overallRate: RATE, duration: 3600, requests: [{ setupRequest }] });
}

async function main() {
  const [{ port }] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}`;
  say(`${RATE} requests a second of ${USERS} users; the flags begin at 0 %`);
  const over = arrived();
  const traffic = load(url);
  await over;
  await new Promise((resolve) => setTimeout(resolve, 500)); // what was under way
  const answers = await (await fetch(`${url}/report`)).json();
  traffic.stop();
  const { errors, timeouts } = await traffic;
  for (const [what, count] of Object.entries(answers).sort()) say(`${what.padEnd(20)} ${count}`);
  const outside = Object.keys(answers).filter((what) => what.includes(' old ') && !what.endsWith('200'));
  say(`errors outside of the new checkout: ${outside.length}; connections lost: ${errors + timeouts}`);
  const asHoped = ends.get('new_checkout') === 'rollout_rolled_back' && ends.get('new_search') === 'rollout_done';
  return asHoped && outside.length === 0 && errors + timeouts === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill('SIGTERM') && process.exit(1));
try {
  process.exitCode = await main();
} finally {
  child.kill('SIGTERM');
  await closed;
}

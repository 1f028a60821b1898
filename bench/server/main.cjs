// One service with one kind of answer. BENCH_SERVICE says which framework serves it, how many routes it has and which parts
// are mounted in front.
const { once } = require('node:events');
const { join } = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { pathToFileURL } = require('node:url');
const { counting } = require('../harness/allocated.cjs');
const { answer } = require('../harness/answer.cjs');
const { answered, held, prefixes, release, user } = require('./answers.cjs');
const { profile, profiled } = require('./profiler.cjs');

/**
 * @typedef {object} Part What is mounted; each file in parts/ exports some of these.
 * @property {() => Function} [express] makes its middleware
 * @property {() => Function} [koa] makes its middleware
 * @property {(handle: Function) => Function} [http] wraps the handler of a plain server
 * @property {(id: string) => void} [work] what it does within a request
 * @property {() => number | Promise<number>} [recorded] requests in its metrics
 * @property {() => Promise<{ ended: number, delivered: number } | undefined>} [flush]
 */
/** @typedef {{ parts: Part[], prefixes: string[], answer: (id: string) => unknown }} Service */

const { framework, routes, parts: files } = JSON.parse(process.env.BENCH_SERVICE);
let parts = [];
let server;

async function listen() {
  parts = await Promise.all(files.map((file) => import(pathToFileURL(join(__dirname, 'parts', file)).href)));
  const works = parts.flatMap(({ work }) => work ?? []);
  const reply = (id) => {
    for (const work of works) work(id);
    return user(id);
  };
  const { serve } = require(`./frameworks/${framework}.cjs`);
  server = serve({ parts, prefixes: prefixes(routes), answer: reply });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, node: process.version };
}

function mark() {
  const { user: userUs, system } = process.cpuUsage();
  return {
    cpuUs: userUs + system,
    wallMs: performance.now(),
    answered: answered(),
    rssBytes: process.memoryUsage.rss(),
  };
}

/** Bytes on the heap after a collection; needs --expose-gc. */
function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Files loaded; needs modules.cjs to be preloaded. */
const modules = () => globalThis.BENCH_MODULES();

let allocatedSince;
const count = async () => {
  allocatedSince = await counting();
};
const counted = async () => ({ bytes: await allocatedSince(), answered: answered() });

async function stop() {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  await nextTurn(); // responses that the load generator left behind end before anyone is asked what it recorded
  const recorded = [];
  for (const part of parts) if (part.recorded) recorded.push(await part.recorded());
  const ledgers = [];
  for (const part of parts) ledgers.push((await part.flush?.()) ?? []);
  return { answered: answered(), recorded, ledgers: ledgers.flat() };
}

answer({ listen, mark, heap, modules, held, release, count, counted, profile, profiled, stop });

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startSubject } from './child.mjs';

/** @typedef {import('../variants.mjs').Variant} Variant */
/** @typedef {import('./bench.mjs').Bench} Bench */

let services = 0;

/**
 * Starts a variant's server, has something done with it, and ends it.
 * @template T
 * @param {Variant} variant
 * @param {Bench} bench
 * @param {(service: { url: string, node: string, log: string, ask: Function }) => Promise<T>} work
 * @param {{ nodeArgs?: string[], library?: string }} [how]
 * @returns {Promise<T>}
 */
export async function withService(variant, bench, work, { nodeArgs = [], library = bench.library } = {}) {
  const { framework, parts, routes = 1 } = variant;
  const log = join(bench.folder, `${services++}.log`);
  const preloads = parts.filter((part) => part.preload).flatMap(({ file }) => ['--require', `./server/parts/${file}`]);
  const service = { framework, routes, parts: parts.map(({ file }) => file) };
  const server = startSubject('server/main.cjs', {
    node: bench.node,
    nodeArgs: [...nodeArgs, ...preloads],
    env: {
      BENCH_SERVICE: JSON.stringify(service),
      BENCH_SETUP: parts.find(({ setup }) => setup)?.setup ?? '',
      BENCH_LIBRARY: library,
      BENCH_LOG: log,
      BENCH_OTLP: bench.otlp,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  });
  try {
    const { url, node } = await server.ask('listen');
    return await work({ url, node, log, ask: server.ask });
  } finally {
    await server.end();
    await rm(log, { force: true });
  }
}

import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { variants } from '../variants.mjs';
import { startServer } from './child.mjs';

/** A number, not a time: a slow variant needs longer until its code is compiled, and would be measured cold. */
const WARM_UP_REQUESTS = 8_000;

/**
 * One life of one variant's server: start, warm up, measure, flush, stop, and see that no part shirked its work.
 * @param {string} variant
 * @param {{ node: string, seconds: number, folder: string, otlp: string, load: any, sink: any }} bench
 */
export async function round(variant, { node, seconds, folder, otlp, load, sink }) {
  const parts = variants[variant];
  const log = join(folder, `${variant}.log`);
  const server = startServer({
    node,
    nodeArgs: parts.filter((part) => part.preload).flatMap((part) => ['--require', `./server/${part.file}`]),
    args: parts.map((part) => part.file),
    env: { BENCH_LOG: log, BENCH_OTLP: otlp, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  });
  try {
    const { url, node: version } = await server.ask('listen');
    await probe(url, parts);
    checkLoad(await load.ask('run', { url, length: { amount: WARM_UP_REQUESTS } }, 90));
    const before = await server.ask('mark');
    const measured = await load.ask('run', { url, length: { duration: seconds } }, seconds + 15);
    const after = await server.ask('mark');
    checkLoad(measured);
    const { answered, recorded } = await server.ask('stop');
    await server.end();

    const lines = parts.some((part) => part.log) ? await accessLines(log) : null;
    const spans = await sink.ask('take');
    checkRecords({ answered, recorded, lines });
    const scopes = parts.flatMap((part) => part.scopes ?? []);
    checkSpans(scopes, spans);
    return {
      variant,
      node: version,
      requestsPerSecond: measured.requestsPerSecond,
      p50Ms: measured.p50Ms,
      p99Ms: measured.p99Ms,
      cpuUs: (after.cpuUs - before.cpuUs) / (after.answered - before.answered),
      rssBytes: after.rssBytes,
      answered,
      lines,
      spansPerRequest: scopes.length > 0 ? sum(Object.values(spans)) / answered : null,
      spanShare: scopes.length > 0 ? spans[scopes[0]] / answered : null,
    };
  } finally {
    await server.end();
    await rm(log, { force: true });
  }
}

async function probe(url, parts) {
  const response = await fetch(`${url}/api/users/42`, { signal: AbortSignal.timeout(5_000) });
  const body = await response.json();
  if (response.status !== 200 || body.id !== '42') throw new Error(`answered ${response.status} to the first request`);
  for (const { header } of parts) {
    if (header && !response.headers.get(header)) throw new Error(`no ${header} on the response`);
  }
}

function checkLoad({ ok, failed }) {
  if (ok === 0 || failed > 0) throw new Error(`${failed} requests failed, ${ok} were answered with 2xx`);
}

function checkRecords({ answered, recorded, lines }) {
  for (const count of recorded) {
    if (count !== answered) throw new Error(`${answered} requests answered, ${count} in the metrics`);
  }
  if (lines !== null && lines !== answered) throw new Error(`${answered} requests answered, ${lines} access-log lines`);
}

/** The batch processor may drop under load, and `spanShare` tells; none at all means it was never wired. */
function checkSpans(scopes, spans) {
  for (const scope of scopes) if (!spans[scope]) throw new Error(`no span of ${scope} reached the sink`);
}

async function accessLines(file) {
  const handle = await open(file);
  let lines = 0;
  for await (const line of handle.readLines()) if (line.includes('/api/users/')) lines++;
  return lines;
}

const sum = (numbers) => numbers.reduce((total, value) => total + value, 0);

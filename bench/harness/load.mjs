import autocannon from 'autocannon';
import { answer } from './answer.cjs';

const CONNECTIONS = 20;
const PATHS = 100;

/** Every route in turn, at least a hundred paths. */
const paths = (prefixes) =>
  Array.from({ length: Math.max(PATHS, prefixes.length) }, (_, id) => ({
    path: `${prefixes[id % prefixes.length]}/${1000 + id}`,
  }));

/**
 * A client that sleeps has to be woken by the kernel, within the write of the server, whose time that counts as: some 3 us a
 * request, and only for a server that is slower than its client. One that polls costs all servers the same.
 */
function keepAwake() {
  let polling = setImmediate(function poll() {
    polling = setImmediate(poll);
  });
  return () => clearImmediate(polling);
}

/**
 * Latency is kept here because autocannon's own histogram has whole milliseconds only.
 * @param {{ url: string, length: { duration: number } | { amount: number }, prefixes?: string[] }} load seconds, or requests
 */
async function run({ url, length, prefixes = ['/api/users'] }) {
  const requests = paths(prefixes);
  const latencies = [];
  const instance = autocannon({ url, requests, connections: CONNECTIONS, pipelining: 1, ...length });
  instance.on('response', (_client, _status, _bytes, ms) => latencies.push(ms));
  const rest = keepAwake();
  const result = await instance;
  rest();
  const sorted = Float64Array.from(latencies).sort();
  const percentile = (share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  return {
    ok: result['2xx'],
    failed: result.non2xx + result.errors + result.timeouts,
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}

answer({ run });

import autocannon from 'autocannon';
import type { Host } from '../service/host.js';

export interface Cost {
  readonly requests: number;
  readonly cpuUs: number;
  readonly p99Ms: number;
  readonly rssMb: number;
  /** Answers that were not 2xx, and connections that broke. */
  readonly failed: number;
}

/** Load at a fixed rate, and what it cost the service. */
export async function costOf(
  host: Host,
  path: string,
  { seconds, rate }: { seconds: number; rate: number },
): Promise<Cost> {
  const url = `http://127.0.0.1:${host.port}${path}`;
  const before = await host.run(() => process.cpuUsage());
  const { requests, latency, non2xx, errors } = await autocannon({
    ...{ url, connections: 20, duration: seconds },
    overallRate: rate,
  });
  const after = await host.run(() => ({ ...process.cpuUsage(), rss: process.memoryUsage.rss() }));
  const us = after.user + after.system - before.user - before.system;
  const total = requests.total;
  return {
    requests: total,
    cpuUs: us / total,
    p99Ms: latency.p99,
    rssMb: after.rss / 2 ** 20,
    failed: non2xx + errors,
  };
}

import type { LogTail } from '../log-tail.js';
import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

/** How the library itself is: what it could not keep, what waits, how old its flags are, and the bounds that apply. */
export function health(sources: AdminSources, { tail }: { readonly tail: LogTail }): Resource {
  const { clock, drops, ledger, lines, flags, kept } = sources;
  return {
    read: () => {
      const { rss, heapUsed, external } = process.memoryUsage();
      return {
        at: Math.round(clock.now()),
        drops: drops(),
        spans: ledger(),
        lines: lines(),
        flags: flags.health(),
        memory: { rss, heapUsed, external },
        tail: { readers: tail.readers },
        traces: kept === undefined ? null : { kept: kept.list().length },
        bounds: {
          'kept traces': '500 failed, 300 slow, 200 others; 1000 spans each, 10,000 in all',
          'log lines of requests': '1000 requests, 100 lines each, 4 MiB in all',
          routes: '200 series; further ones are _other',
          'variants of flags': '200',
          history: '180 samples, one every 5 s',
          'log tail': '20 readers, the last 200 lines first',
          percentiles: 'from 20 samples on, over the last 60 s',
        },
      };
    },
  };
}

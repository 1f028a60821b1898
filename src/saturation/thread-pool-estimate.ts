import type { Probe } from './probe.js';

/** Requests that libuv hands to its threads, as Node names them. Compression and crypto are not listed by it, so they are missed. */
const POOLED: ReadonlySet<string> = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'GetAddrInfoReqWrap',
  'GetNameInfoReqWrap',
]);

/** libuv's own default and ceiling of `UV_THREADPOOL_SIZE`. */
const DEFAULT_THREADS = 4;
const MOST_THREADS = 1024;

interface ThreadPoolSources {
  readonly resources?: () => readonly string[];
  /** Value of `UV_THREADPOOL_SIZE`. */
  readonly size?: string | undefined;
}

/**
 * An estimate, as libuv says nothing of its pool: file and name requests under way / threads. Above 1 they queue. It
 * counts no compression and no crypto, and a request that does not need a thread yet counts too.
 *
 * Readings: `request_count`, `thread_count`.
 */
export function threadPoolEstimate(sources: ThreadPoolSources = {}): Probe {
  const { resources = () => process.getActiveResourcesInfo(), size = process.env['UV_THREADPOOL_SIZE'] } = sources;
  const threads = threadsOf(size);
  return {
    name: 'thread-pool-estimate',
    sample: () => {
      let requests = 0;
      for (const name of resources()) if (POOLED.has(name)) requests++;
      return { ratio: requests / threads, readings: { request_count: requests, thread_count: threads } };
    },
  };
}

/** As libuv reads it: C's `atoi`, none or 0 is one thread, and no more than 1024. */
function threadsOf(size: string | undefined): number {
  if (size === undefined) return DEFAULT_THREADS;
  const threads = Number.parseInt(size, 10);
  return threads > 0 ? Math.min(threads, MOST_THREADS) : 1;
}

import { checkFirst, checkLoad, checkWork } from './checks.mjs';
import { withService } from './service.mjs';

/**
 * One life of one variant's server: start, warm up, measure, flush, stop, and see that no part shirked its work.
 * @param {import('../variants.mjs').Variant} variant
 * @param {import('./bench.mjs').Bench} bench
 * @param {{ seconds: number, warmUp: number, library?: string }} how `warmUp` in requests, not in time: a slow variant needs
 *   longer until its code is compiled, and would be measured cold
 */
export function life(variant, bench, { seconds, warmUp, library }) {
  const { parts } = variant;
  const measure = async ({ url, node, log, ask }) => {
    await bench.sink.ask('take', undefined, 60); // what others have left there
    await checkFirst(url, parts);
    checkLoad(await bench.load.ask('run', { url, length: { amount: warmUp } }, 90));
    const before = await ask('mark');
    const measured = await bench.load.ask('run', { url, length: { duration: seconds } }, seconds + 15);
    const after = await ask('mark');
    checkLoad(measured);
    const stopped = await ask('stop');
    const spans = await bench.sink.ask('take', undefined, 60);
    await checkWork(parts, { ...stopped, spans, log });
    const cpuUs = after.cpuUs - before.cpuUs;
    return {
      node,
      requestsPerSecond: measured.requestsPerSecond,
      p50Ms: measured.p50Ms,
      p99Ms: measured.p99Ms,
      cpuUs: cpuUs / (after.answered - before.answered),
      busy: cpuUs / 1000 / (after.wallMs - before.wallMs),
      rssBytes: after.rssBytes,
      spansSent: Object.values(spans).reduce((sum, count) => sum + count, 0) / stopped.answered,
    };
  };
  return withService(variant, bench, measure, { library });
}

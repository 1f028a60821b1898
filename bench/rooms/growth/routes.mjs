// CPU per request as the number of routes grows, on a plain server, whose own routing costs the same for any number.
import { checkLoad } from '../../harness/checks.mjs';
import { figure, range, table } from '../../harness/markdown.mjs';
import { withService } from '../../harness/service.mjs';
import { against, over } from '../../harness/summary.mjs';
import { inTurns } from '../../harness/turns.mjs';
import { prefixes } from '../../server/answers.cjs';
import { ours } from '../../variants.mjs';

const SIZES = ['1', '10', '100', '1000'];

/** @param {import('../../harness/bench.mjs').Bench} bench */
export async function measure(bench, { rounds, seconds }) {
  const { runs } = await inTurns(SIZES, rounds, async (size) => {
    const routes = Number(size);
    const variant = ours('http', 'everything', { routes });
    const run = await withService(variant, bench, (service) => life(service, bench, prefixes(routes), seconds), {
      nodeArgs: ['--expose-gc'],
    });
    bench.say(`  ${size.padStart(5)} routes ${figure(run.cpuUs)} us/request`);
    return run;
  });
  const one = runs.get('1');
  return [...runs].map(([routes, own]) => ({
    routes,
    cpuUs: over(own, (run) => run.cpuUs),
    ratio: against(own, one, (run, other) => run.cpuUs / other.cpuUs),
    heapBytes: over(own, (run) => run.heapBytes),
  }));
}

async function life({ url, ask }, { load, quick }, paths, seconds) {
  const run = { url, prefixes: paths };
  checkLoad(await load.ask('run', { ...run, length: { amount: quick ? 10_000 : 20_000 } }, 120));
  const before = await ask('mark');
  checkLoad(await load.ask('run', { ...run, length: { duration: seconds } }, seconds + 15));
  const after = await ask('mark');
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / (after.answered - before.answered),
    heapBytes: await ask('heap'),
  };
}

export function markdown(rows) {
  const cells = rows.map(({ routes, cpuUs, ratio, heapBytes }) => [
    routes,
    range(cpuUs),
    range(ratio),
    figure(heapBytes.median / 2 ** 20),
  ]);
  return table(['routes', 'CPU us/request', 'x one route', 'heap MB'], cells);
}

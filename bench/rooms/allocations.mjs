// Bytes allocated on the heap for one request: none is collected while it is counted, so the count is exact.
import { ALLOCATION_FLAGS } from '../harness/allocated.cjs';
import { checkLoad } from '../harness/checks.mjs';
import { failed, figure, range, table } from '../harness/markdown.mjs';
import { withService } from '../harness/service.mjs';
import { against, over } from '../harness/summary.mjs';
import { inTurns } from '../harness/turns.mjs';
import { baselines, variants } from '../variants.mjs';

export const title = 'Bytes allocated per request';

const NAMES = [
  ...['bare', 'correlation', 'signals', 'signals+access-log', 'signals+traces', 'everything', 'usual-stack'],
  ...['koa-bare', 'koa-everything', 'http-bare', 'http-everything', 'http-usual-stack'],
];
const WARM_UP = 6000;
/** So few that they fit into the new generation. */
const COUNTED = 1000;

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure(bench) {
  const { runs, failures } = await inTurns(NAMES, bench.quick ? 1 : 2, async (name) => {
    const bytes = await withService(variants[name], bench, (service) => perRequest(service, bench), {
      nodeArgs: ALLOCATION_FLAGS,
    });
    bench.say(`  ${name.padEnd(18)} ${bytes.toFixed(0).padStart(6)} bytes`);
    return bytes;
  });
  const rows = [...runs].flatMap(([name, own]) => {
    const bare = runs.get(baselines[variants[name].framework]);
    if (!bare) return [];
    return [[name, { bytes: over(own, Number), added: against(own, bare, (mine, theirs) => mine - theirs) }]];
  });
  return { rows: Object.fromEntries(rows), failures };
}

async function perRequest({ url, ask }, { load }) {
  checkLoad(await load.ask('run', { url, length: { amount: WARM_UP } }, 90));
  const before = await ask('mark');
  await ask('count');
  checkLoad(await load.ask('run', { url, length: { amount: COUNTED } }, 60));
  const { bytes, answered } = await ask('counted');
  if (bytes === null) throw new Error('the heap was collected while it was counted'); // NaN does not survive the channel
  return bytes / (answered - before.answered);
}

export function markdown({ rows, failures }) {
  const cells = Object.entries(rows).map(([name, { bytes, added }]) => [
    name,
    range(bytes, figure),
    range(added, figure),
  ]);
  return [table(['variant', 'bytes', 'added to bare'], cells), failed(failures)].filter(Boolean).join('\n\n');
}

// Requests that stay open while others come and go: what each holds on the heap, and what it costs the others.
import { setTimeout as wait } from 'node:timers/promises';
import { checkLoad } from '../../harness/checks.mjs';
import { startHolder } from '../../harness/child.mjs';
import { figure, table } from '../../harness/markdown.mjs';
import { withService } from '../../harness/service.mjs';
import { variants } from '../../variants.mjs';

const SIZES = [10, 100, 1000, 10_000];
const NAMES = ['http-bare', 'http-everything'];
const HELD = '/api/held/';

/** @param {import('../../harness/bench.mjs').Bench} bench */
export async function measure(bench, { seconds }) {
  const rows = {};
  const holder = startHolder();
  for (const name of NAMES) {
    rows[name] = await withService(variants[name], bench, (service) => life(service, bench, holder, seconds), {
      nodeArgs: ['--expose-gc'],
    });
  }
  await holder.end();
  return SIZES.map((count, at) => ({ count, bare: rows['http-bare'][at], everything: rows['http-everything'][at] }));
}

async function life({ url, ask }, { load, quick, say }, holder, seconds) {
  checkLoad(await load.ask('run', { url, length: { amount: quick ? 10_000 : 30_000 } }, 120));
  const rows = [];
  for (const count of SIZES) {
    const heapBefore = await ask('heap');
    await holder.ask('open', { url, path: HELD, count }, 60);
    while ((await ask('held')) < count) await wait(50);
    const heapBytes = ((await ask('heap')) - heapBefore) / count;
    const before = await ask('mark');
    checkLoad(await load.ask('run', { url, length: { duration: seconds } }, seconds + 15));
    const after = await ask('mark');
    rows.push({ heapBytes, cpuUs: (after.cpuUs - before.cpuUs) / (after.answered - before.answered) });
    await ask('release');
    await holder.ask('close');
    say(`  ${String(count).padStart(5)} open ${figure(rows.at(-1).cpuUs)} us/request`);
  }
  return rows;
}

/** Of a few nothing can be told: the heap moves by more than they hold. */
const each = (count, bytes) => (count < 100 ? '' : figure(bytes));

export function markdown(rows) {
  const cells = rows.map(({ count, bare, everything }) => [
    String(count),
    each(count, bare.heapBytes),
    each(count, everything.heapBytes),
    figure(bare.cpuUs),
    figure(everything.cpuUs),
  ]);
  const head = [
    'open requests',
    'heap bytes each, bare',
    'everything on',
    'CPU us/request of others, bare',
    'everything on',
  ];
  return table(head, cells);
}

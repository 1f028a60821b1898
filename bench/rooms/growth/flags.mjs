// The check of one flag, and the heap, as the number of flags grows.
import { root } from '../../harness/bench.mjs';
import { asked } from '../../harness/child.mjs';
import { figure, range, table } from '../../harness/markdown.mjs';
import { spread } from '../../harness/summary.mjs';

const SIZES = [3, 10, 100, 1000];

/** @param {import('../../harness/bench.mjs').Bench} bench */
export async function measure({ node, quick }) {
  const what = { source: root, sizes: SIZES, blocks: quick ? 7 : 25 };
  const rows = await asked('workers/flag-growth.mjs', { node, nodeArgs: ['--expose-gc'] }, 'growth', what);
  return rows.map(({ count, heapBytes, ns }) => ({ count, heapBytes, ns: spread(ns) }));
}

export function markdown(rows) {
  const cells = rows.map(({ count, ns, heapBytes }) => [
    String(count),
    range(ns),
    count < 100 ? '' : figure(heapBytes / count),
  ]);
  return table(['flags', 'ns per check of three rules', 'heap bytes each'], cells);
}

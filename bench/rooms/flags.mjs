// One flag check, beside others that answer in the process.
import { ALLOCATION_FLAGS } from '../harness/allocated.cjs';
import { root } from '../harness/bench.mjs';
import { asked } from '../harness/child.mjs';
import { figure, range, table } from '../harness/markdown.mjs';
import { spread } from '../harness/summary.mjs';

export const title = 'Flag checks';

const FLAGS = { plain: 'no rule', rollout: '25 % rollout', rules: 'three rules' };

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure({ node, quick, say }) {
  const costs = await asked('workers/flags.mjs', { node }, 'costs', { source: root, blocks: quick ? 7 : 25 });
  const bytes = await asked('workers/flags.mjs', { node, nodeArgs: ALLOCATION_FLAGS }, 'allocations', { source: root });
  say('  flags');
  const rows = Object.entries(costs).map(([name, { ns, loadMs }]) => [
    name,
    {
      ns: Object.fromEntries(Object.entries(ns).map(([flag, blocks]) => [flag, spread(blocks)])),
      bytes: bytes[name],
      loadMs: loadMs && spread(loadMs),
    },
  ]);
  return { rows: Object.fromEntries(rows) };
}

export function markdown({ rows }) {
  const keys = Object.keys(FLAGS);
  const cells = Object.entries(rows).map(([name, { ns, bytes, loadMs }]) => [
    name,
    ...keys.map((key) => range(ns[key])),
    keys.map((key) => figure(bytes[key])).join(' / '),
    loadMs ? range(loadMs) : '',
  ]);
  return [
    'CPU ns per boolean check, medians (lowest..highest); bytes per check; CPU ms to load 1000 flags of three rules.',
    table(['subject', ...Object.values(FLAGS), 'bytes', 'load ms'], cells),
  ].join('\n\n');
}

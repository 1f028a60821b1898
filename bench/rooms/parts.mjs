// Single calls, each group in a process of its own on the server's core.
import { ALLOCATION_FLAGS } from '../harness/allocated.cjs';
import { root } from '../harness/bench.mjs';
import { asked } from '../harness/child.mjs';
import { failed, figure, range, table } from '../harness/markdown.mjs';
import { against, spread } from '../harness/summary.mjs';

export const title = 'Parts';

const FILE = 'workers/parts.mjs';

/** File under parts/ and what it is to do there. */
const groups = [
  { file: 'recording' },
  { file: 'spans', group: 'dropped' },
  { file: 'spans', group: 'kept' },
  { file: 'spans', group: 'theirs' },
  { file: 'lines' },
  { file: 'reading' },
];
const LINE = 'log line, enriched and redacted';
const RIVALS = ['plain pino, asynchronous in batches of 4 KB', 'plain pino as installed'];

/** @param {import('../harness/bench.mjs').Bench} bench @param {{ source?: string, peers?: boolean, bytes?: boolean }} options `source`: repository of the library under test */
export async function measure(bench, { source = root, peers = true, bytes: counted = true } = {}) {
  const { node, library, folder, quick } = bench;
  const costs = {};
  const bytes = {};
  const failures = [];
  for (const group of groups) {
    const where = { ...group, peers, library, source, folder, blocks: quick ? 5 : 15 };
    const name = Object.values(group).join(' ');
    bench.say(`  ${name}`);
    try {
      Object.assign(costs, await asked(FILE, { node }, 'costs', where));
      if (counted) Object.assign(bytes, await asked(FILE, { node, nodeArgs: ALLOCATION_FLAGS }, 'allocations', where));
    } catch ({ message }) {
      failures.push({ name, message });
    }
  }
  const rows = Object.fromEntries(
    Object.entries(costs).map(([name, ns]) => [name, { ns: spread(ns), bytes: bytes[name] ?? null }]),
  );
  return { rows, ratios: ratios(costs), failures };
}

/** Of the enriched line to plain pino, block by block. */
function ratios(costs) {
  const ours = costs[LINE];
  const measured = RIVALS.filter((rival) => ours && costs[rival]);
  return Object.fromEntries(
    measured.map((rival) => [rival, against(ours, costs[rival], (line, plain) => line / plain)]),
  );
}

export function markdown({ rows, ratios, failures }) {
  const cells = Object.entries(rows).map(([name, { ns, bytes }]) => [
    name,
    range(ns),
    bytes === null ? '' : figure(bytes),
  ]);
  return [
    'CPU of the process per call, collection and writing included; medians (lowest..highest) over the blocks.',
    table(['call', 'ns', 'bytes'], cells),
    ...Object.entries(ratios).map(
      ([rival, ratio]) => `The enriched line over ${rival}, each to a file: ${range(ratio)}.`,
    ),
    failed(failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

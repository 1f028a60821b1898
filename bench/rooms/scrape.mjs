// One scrape at a few hundred and a few thousand series.
import { root } from '../harness/bench.mjs';
import { asked } from '../harness/child.mjs';
import { figure, range, table } from '../harness/markdown.mjs';
import { against, spread } from '../harness/summary.mjs';

export const title = 'A scrape';

const SIZES = [300, 3000];

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure({ node, quick, say }) {
  const what = { source: root, sizes: SIZES, rounds: quick ? 7 : 25, urls: quick ? 10_000 : 1_000_000 };
  const { rows, urls } = await asked('workers/scrape.mjs', { node, nodeArgs: ['--expose-gc'] }, 'scrapes', what);
  say('  scrape');
  return {
    urls,
    rows: rows.map((row) => {
      const prom = rows.find(({ size, name }) => size === row.size && name === 'prom-client');
      return { ...row, ms: spread(row.ms), ratio: against(row.ms, prom.ms, (ours, theirs) => ours / theirs) };
    }),
  };
}

export function markdown({ rows, urls }) {
  const cells = rows.map(({ size, name, firstMs, ms, bytes, ratio }) => [
    `${size}, ${name}`,
    figure(firstMs),
    range(ms),
    range(ratio),
    String(bytes),
  ]);
  return [
    'Every series has a new value, and the garbage of the one before is collected, before every scrape. Medians (lowest..highest) over the scrapes.',
    table(['series, who', 'first ms', 'ms', 'x prom-client', 'bytes'], cells),
    `${urls.count} distinct URLs as routes: ${urls.bytes} bytes, first scrape ${figure(urls.ms)} ms.`,
  ].join('\n\n');
}

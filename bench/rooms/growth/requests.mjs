// One life of a plain server with everything on: CPU per request and heap as it has answered more and more.
import { checkLoad } from '../../harness/checks.mjs';
import { figure, table } from '../../harness/markdown.mjs';
import { withService } from '../../harness/service.mjs';
import { ours } from '../../variants.mjs';

const MARKS = [1e3, 1e4, 1e5, 2e5, 4e5, 6e5, 8e5, ...Array.from({ length: 10 }, (_, i) => (i + 1) * 1e6)];
const QUICK = [1e3, 1e4, 3e4, 6e4];
/** Before it the code is still being compiled, and what is bounded is still being filled. */
const SETTLED = 2e5;

/** @param {import('../../harness/bench.mjs').Bench} bench @param {{ requests: number }} options the most that are sent */
export function measure(bench, { requests }) {
  const marks = bench.quick ? QUICK : MARKS.filter((mark) => mark <= requests);
  const variant = ours('http', 'everything');
  return withService(variant, bench, (service) => life(service, bench, marks), { nodeArgs: ['--expose-gc'] });
}

async function life({ url, ask }, { load, sink, quick, say }, marks) {
  const rows = [];
  let before = await ask('mark');
  for (const requests of marks) {
    const amount = requests - before.answered;
    checkLoad(await load.ask('run', { url, length: { amount } }, 600));
    const after = await ask('mark');
    const cpuUs = (after.cpuUs - before.cpuUs) / (after.answered - before.answered);
    rows.push({ requests, cpuUs, heapBytes: await ask('heap') });
    await sink.ask('take', undefined, 60);
    say(`  ${String(requests).padStart(7)} requests ${figure(cpuUs)} us/request`);
    before = await ask('mark');
  }
  return { rows, ...settled(rows, quick ? QUICK[1] : SETTLED) };
}

/** @returns {{ drift: number, bytesPerThousand: number }} CPU of the last stretch by that of the first; slope of the heap by least squares */
export function settled(rows, from) {
  const late = rows.filter(({ requests }) => requests >= from);
  const meanX = mean(late.map(({ requests }) => requests));
  const meanY = mean(late.map(({ heapBytes }) => heapBytes));
  const over = late.reduce((sum, { requests, heapBytes }) => sum + (requests - meanX) * (heapBytes - meanY), 0);
  const under = late.reduce((sum, { requests }) => sum + (requests - meanX) ** 2, 0);
  return { drift: late.at(-1).cpuUs / late[1].cpuUs, bytesPerThousand: (over / under) * 1000 };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function markdown({ rows, drift, bytesPerThousand }) {
  const cells = rows.map(({ requests, cpuUs, heapBytes }) => [
    String(requests),
    figure(cpuUs),
    (heapBytes / 2 ** 20).toFixed(2),
  ]);
  return [
    table(['requests answered', 'CPU us/request since the last mark', 'heap MB'], cells),
    `Once settled: CPU of the last stretch ${figure(drift)} of the first's; heap ${figure(bytesPerThousand)} bytes per 1000 requests.`,
  ].join('\n\n');
}

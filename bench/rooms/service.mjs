// Whole services under full load: what each variant costs beside the bare framework.
import { life } from '../harness/life.mjs';
import { failed, figure, fixed, range, table } from '../harness/markdown.mjs';
import { against, over } from '../harness/summary.mjs';
import { inTurns } from '../harness/turns.mjs';
import { baselines, variants } from '../variants.mjs';

export const title = 'Whole service';

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure(bench, { rounds, seconds, names = Object.keys(variants) }) {
  const warmUp = bench.quick ? 6000 : 30_000;
  const asked = new Set(names.flatMap((name) => [baselines[variants[name].framework], name]));
  const { runs, failures } = await inTurns([...asked], rounds, async (name, round) => {
    const run = await life(variants[name], bench, { seconds, warmUp });
    bench.say(`  round ${round + 1}/${rounds}  ${name.padEnd(18)} ${run.cpuUs.toFixed(0).padStart(5)} us/request`);
    return run;
  });
  const rows = Object.fromEntries(
    [...runs].flatMap(([name, own]) => {
      const bare = runs.get(baselines[variants[name].framework]);
      return bare ? [[name, row(own, bare)]] : [];
    }),
  );
  return { rounds, seconds, rows, shares: shares(runs), failures };
}

const added = (run, bare) => run.cpuUs - bare.cpuUs;

function row(own, bare) {
  return {
    requestsPerSecond: over(own, (run) => run.requestsPerSecond),
    p50Ms: over(own, (run) => run.p50Ms),
    p99Ms: over(own, (run) => run.p99Ms),
    cpuUs: over(own, (run) => run.cpuUs),
    busy: over(own, (run) => run.busy),
    spansSent: over(own, (run) => run.spansSent),
    rpsRatio: against(own, bare, (run, other) => run.requestsPerSecond / other.requestsPerSecond),
    cpuRatio: against(own, bare, (run, other) => run.cpuUs / other.cpuUs),
    addedUs: against(own, bare, added),
  };
}

/** What of ours is set beside the usual stack of the same framework. */
const COMPARED = {
  express: { name: 'everything, Express', prefix: '', own: 'everything' },
  koa: { name: 'everything, Koa', prefix: 'koa-', own: 'koa-everything' },
  http: { name: 'everything, plain http', prefix: 'http-', own: 'http-everything' },
  accessLog: { name: 'signals, correlation and access log, Express', prefix: '', own: 'signals+access-log' },
};

/** CPU that ours adds, as a share of what the usual stack adds in the same round. */
function shares(runs) {
  return Object.fromEntries(
    Object.entries(COMPARED).flatMap(([key, { prefix, own }]) => {
      const [bare, mine, stack] = [`${prefix}bare`, own, `${prefix}usual-stack`].map((name) => runs.get(name));
      if (!bare || !mine || !stack) return [];
      const costs = mine.map((run, round) => ({
        ours: added(run, bare[round]),
        theirs: added(stack[round], bare[round]),
      }));
      if (costs.some(({ theirs }) => theirs <= 0)) return []; // a busy machine: nothing to divide by
      return [[key, over(costs, ({ ours, theirs }) => ours / theirs)]];
    }),
  );
}

const HEAD = ['variant', 'requests/s', 'x bare', 'p50 ms', 'p99 ms', 'CPU us/request', 'x bare', 'added us', 'busy'];

export function markdown({ rounds, seconds, rows, shares, failures }) {
  const cells = Object.entries(rows).map(([name, row]) => [
    name,
    figure(row.requestsPerSecond.median),
    range(row.rpsRatio, fixed(2)),
    fixed(2)(row.p50Ms.median),
    fixed(2)(row.p99Ms.median),
    figure(row.cpuUs.median),
    range(row.cpuRatio, fixed(2)),
    range(row.addedUs, fixed(0)),
    fixed(2)(row.busy.median),
  ]);
  const sent = Object.entries(rows)
    .filter(([, { spansSent }]) => spansSent.max > 0)
    .map(([name, { spansSent }]) => `${name} ${fixed(2)(spansSent.median)}`);
  return [
    `Rounds: ${rounds} of ${seconds} s, 20 connections. Medians (lowest..highest over the rounds).`,
    table(HEAD, cells),
    ...Object.entries(shares).map(
      ([key, share]) =>
        `CPU added, as a share of what the usual stack adds: ${COMPARED[key].name}: ${range(share, fixed(3))}.`,
    ),
    sent.length > 0 ? `Spans per request that reached the sink: ${sent.join(', ')}.` : '',
    failed(failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

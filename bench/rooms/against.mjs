// The library as it stands beside itself at an earlier commit: what got slower.
import { buildAt, lastTag } from '../harness/library.mjs';
import { life } from '../harness/life.mjs';
import { failed, figure, range, table } from '../harness/markdown.mjs';
import { against, over } from '../harness/summary.mjs';
import { inTurns } from '../harness/turns.mjs';
import { variants } from '../variants.mjs';
import * as parts from './parts.mjs';

export const title = 'Against ourselves';

const NAMES = ['signals', 'everything', 'http-everything'];
/** Above it, and in every round, something got slower. */
const SLOWER = 1.05;

/** @param {import('../harness/bench.mjs').Bench} bench @param {{ against?: string, rounds: number, seconds: number }} options */
export async function measure(bench, { against: ref = lastTag(), rounds, seconds }) {
  if (ref === undefined) return { ref: null };
  bench.say(`  building ${ref}`);
  const earlier = await buildAt(ref, bench.folder);
  const libraries = { now: bench.library, earlier };
  const pairs = NAMES.flatMap((name) => [`${name} now`, `${name} earlier`]);
  const { runs, failures } = await inTurns(pairs, rounds, async (pair) => {
    const [name, when] = pair.split(' ');
    const run = await life(variants[name], bench, { seconds, warmUp: 6000, library: libraries[when] });
    bench.say(`  ${pair.padEnd(22)} ${run.cpuUs.toFixed(0)} us/request`);
    return run;
  });
  const services = NAMES.flatMap((name) => {
    const [now, before] = [runs.get(`${name} now`), runs.get(`${name} earlier`)];
    if (!now || !before) return [];
    const us = (run) => run.cpuUs;
    const ratio = against(now, before, (mine, theirs) => mine.cpuUs / theirs.cpuUs);
    return [[`${name}, us/request`, { now: over(now, us), earlier: over(before, us), ratio }]];
  });
  const calls = await callsOf(bench, earlier, rounds);
  return { ref, rows: Object.fromEntries([...services, ...calls.rows]), failures: [...failures, ...calls.failures] };
}

/** Single calls, in processes that take turns; ratios are of one round's medians. */
async function callsOf(bench, folder, rounds) {
  const sides = { earlier: { library: folder, source: folder }, now: { library: bench.library } };
  const failures = [];
  const { runs } = await inTurns(Object.keys(sides), rounds, async (side) => {
    const { library, source } = sides[side];
    const measured = await parts.measure({ ...bench, library }, { source, peers: false, bytes: false });
    failures.push(...measured.failures.map(({ name, message }) => ({ name: `${name}, ${side}`, message })));
    return measured.rows;
  });
  const [now, earlier] = [runs.get('now') ?? [], runs.get('earlier') ?? []];
  const names = Object.keys(now[0] ?? {}).filter((name) => [...now, ...earlier].every((rows) => rows[name]));
  const rows = names.map((name) => {
    const ns = (run) => run[name].ns.median;
    const ratio = against(now, earlier, (mine, theirs) => ns(mine) / ns(theirs));
    return [`${name}, ns`, { now: over(now, ns), earlier: over(earlier, ns), ratio }];
  });
  return { rows, failures };
}

export function markdown({ ref, rows, failures }) {
  if (ref === null)
    return 'No version has been tagged yet, so there is nothing to compare with. `--against <ref>` names a commit.';
  const all = Object.entries(rows);
  const slower = all.filter(([, { ratio }]) => ratio.median > SLOWER && ratio.min > 1).map(([name]) => name);
  const cells = all.map(([name, { now, earlier, ratio }]) => [name, range(earlier), range(now), range(ratio, figure)]);
  return [
    table(['what', ref, 'now', 'now / earlier'], cells),
    slower.length === 0 ? 'Nothing got slower beyond the spread.' : `**Slower than ${ref}: ${slower.join('; ')}.**`,
    failed(failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, pinned, startLoad, startSink } from './harness/child.mjs';
import { markdown } from './harness/markdown.mjs';
import { options as parse } from './harness/options.mjs';
import { round } from './harness/round.mjs';
import { rows, shares } from './harness/summary.mjs';
import { BASELINE } from './variants.mjs';

const options = asked();
const folder = mkdtempSync(join(tmpdir(), 'fourlights-bench-'));
const loadNow = () => loadavg()[0].toFixed(1);
const say = (text) => process.stderr.write(`${text}\n`);

function asked() {
  try {
    return parse(process.argv.slice(2));
  } catch ({ message }) {
    process.stderr.write(`${message}\n`);
    return process.exit(2);
  }
}

process.on('exit', () => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const loadBefore = loadNow();
const load = startLoad();
const sink = startSink();
const otlp = await sink.ask('listen');
const runs = [];
const failures = [];
let names = options.variants;

for (let number = 1; number <= options.rounds; number++) {
  // Each round starts one variant later, so that none always runs in the wake of the same neighbour.
  const shift = (number - 1) % names.length;
  for (const variant of [...names.slice(shift), ...names.slice(0, shift)]) {
    try {
      const run = await round(variant, { ...options, folder, otlp, load, sink });
      runs.push({ round: number, ...run });
      say(
        `round ${number}/${options.rounds}  ${variant.padEnd(15)} ${run.cpuUs.toFixed(0).padStart(6)} µs CPU/request`,
      );
    } catch ({ message }) {
      failures.push({ variant, round: number, message });
      names = names.filter((name) => name !== variant); // half a row would compare unlike rounds
      say(`round ${number}/${options.rounds}  ${variant} FAILED: ${message}`);
    }
  }
  if (!names.includes(BASELINE)) {
    say(`nothing to compare with: ${BASELINE} failed`);
    process.exit(1);
  }
}
await Promise.all([load.end(), sink.end()]);

const machine = {
  node: runs[0].node,
  date: new Date().toISOString().slice(0, 16).replace('T', ' '),
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  pinned,
  loadBefore,
  loadAfter: loadNow(),
};
const result = { machine, options, rows: rows(names, runs), shares: shares(names, runs), failures };
process.stdout.write(`${markdown(result)}\n`);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ ...result, runs }, null, 2)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

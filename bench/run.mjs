// The one command: every room on every Node, and docs/performance.md out of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary } from '../test/support/node-binary.mjs';
import { openBench, root } from './harness/bench.mjs';
import { buildCurrent } from './harness/library.mjs';
import { machine } from './harness/machine.mjs';
import { options as parse } from './harness/options.mjs';
import { document } from './report/document.mjs';
import { rooms } from './rooms.mjs';

function asked() {
  try {
    return parse(process.argv.slice(2));
  } catch ({ message }) {
    process.stderr.write(`${message}\n`);
    return process.exit(2);
  }
}

const options = asked();
await buildCurrent();
const bench = await openBench(options);
const results = [];
for (const line of options.nodes) {
  const node = nodeBinary(line);
  const told = machine(node);
  const measured = {};
  for (const name of options.rooms) {
    bench.say(`${name}, Node ${told.node}`);
    try {
      measured[name] = await rooms[name].measure({ ...bench, node }, options);
    } catch (error) {
      bench.say(`${name} FAILED: ${error.stack}`); // the other rooms have figures all the same
      process.exitCode = 1;
      continue;
    }
    if (measured[name].failures?.length > 0) process.exitCode = 1;
    process.stdout.write(`## ${rooms[name].title}, Node ${told.node}\n\n${rooms[name].markdown(measured[name])}\n\n`);
  }
  results.push({ line, machine: told.end(), rooms: measured });
}
await bench.close();
const run = { options, results };
if (options.json) writeFileSync(options.json, `${JSON.stringify(run, null, 2)}\n`);
if (options.whole) writeFileSync(join(root, 'docs/performance.md'), document(run));

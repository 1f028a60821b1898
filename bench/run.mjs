// The one command: every room on every Node, and docs/performance.md out of it.
import { writeFileSync } from 'node:fs';
import { nodeBinary } from '../test/support/node-binary.mjs';
import { openBench } from './harness/bench.mjs';
import { machine } from './harness/machine.mjs';
import { options as parse } from './harness/options.mjs';
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
const bench = await openBench(options);
const results = [];
for (const line of options.nodes) {
  const node = nodeBinary(line);
  const told = machine(node);
  const measured = {};
  for (const name of options.rooms) {
    bench.say(`${name}, Node ${told.node}`);
    measured[name] = await rooms[name].measure({ ...bench, node }, options);
    process.stdout.write(`## ${rooms[name].title}, Node ${told.node}\n\n${rooms[name].markdown(measured[name])}\n\n`);
  }
  results.push({ machine: told.end(), rooms: measured });
}
await bench.close();
if (options.json) writeFileSync(options.json, `${JSON.stringify({ options, results }, null, 2)}\n`);

// The one command: every room on every Node, and docs/performance.md out of it.
import { writeFileSync } from 'node:fs';
import { nodeBinary } from '../test/support/node-binary.mjs';
import { openBench } from './harness/bench.mjs';
import { buildCurrent } from './harness/library.mjs';
import { machine } from './harness/machine.mjs';
import { options as parse } from './harness/options.mjs';
import { writeDocument } from './report/write.mjs';
import { rooms } from './rooms.mjs';

function asked() {
  try {
    return parse(process.argv.slice(2));
  } catch ({ message }) {
    process.stderr.write(`${message}\n`);
    return process.exit(2);
  }
}

/** @returns figures of all rooms on one line of Node, as far as they could be had */
async function measured(line) {
  const node = nodeBinary(line);
  const told = machine(node);
  const figures = {};
  for (const name of options.rooms) {
    const { title, measure, markdown } = rooms[name];
    bench.say(`${name}, Node ${told.node}`);
    try {
      figures[name] = await measure({ ...bench, node }, options);
      if (figures[name].failures?.length > 0) process.exitCode = 1;
      process.stdout.write(`## ${title}, Node ${told.node}\n\n${markdown(figures[name])}\n\n`);
    } catch (error) {
      bench.say(`${name} FAILED: ${error.stack}`); // the other rooms have figures all the same
      process.exitCode = 1;
    }
  }
  return { line, machine: told.end(), rooms: figures };
}

const options = asked();
await buildCurrent();
const bench = await openBench(options);
const results = [];
for (const line of options.nodes) results.push(await measured(line));
await bench.close();
if (options.json) writeFileSync(options.json, `${JSON.stringify({ options, results })}\n`);
if (options.whole) writeDocument(options.json);

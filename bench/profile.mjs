// Where the time of one variant goes, or with --heap-prof its allocations: `node profile.mjs --variant everything`
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeBinary } from '../test/support/node-binary.mjs';
import { openBench } from './harness/bench.mjs';
import { checkLoad } from './harness/checks.mjs';
import { figure, table } from './harness/markdown.mjs';
import { bytesByFunction, cpuByFunction } from './harness/profile.mjs';
import { withService } from './harness/service.mjs';
import { prefixes } from './server/answers.cjs';
import { variants } from './variants.mjs';

const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: 'everything' },
    node: { type: 'string', default: process.versions.node.split('.')[0] },
    requests: { type: 'string', default: '20000' },
    'heap-prof': { type: 'boolean', default: false },
    routes: { type: 'string', default: '1' },
    top: { type: 'string', default: '40' },
    out: { type: 'string', default: 'fourlights' },
  },
});
const kind = values['heap-prof'] ? 'heap' : 'cpu';
const unit = { cpu: 'us', heap: 'bytes' }[kind];
const amount = Number(values.requests);
const routes = Number(values.routes);
const known = variants[values.variant];
if (!known) throw new Error(`unknown variant "${values.variant}", known: ${Object.keys(variants).join(', ')}`);
const bench = { ...(await openBench({ quick: true })), node: nodeBinary(values.node) };

const { file, node } = await withService({ ...known, routes }, bench, async ({ url, ask, node }) => {
  const run = { url, prefixes: prefixes(routes) };
  checkLoad(await bench.load.ask('run', { ...run, length: { amount: 8000 } }, 120));
  await ask('profile', kind);
  checkLoad(await bench.load.ask('run', { ...run, length: { amount } }, 600));
  return { node, file: await ask('profiled', resolve(`${values.out}.${kind}profile`), 60) };
});
await bench.close();

const functions = { cpu: cpuByFunction, heap: bytesByFunction }[kind](JSON.parse(readFileSync(file, 'utf8')));
const total = functions.reduce((sum, { self }) => sum + self, 0);
const owners = new Map();
for (const { owner, self } of functions) owners.set(owner, (owners.get(owner) ?? 0) + self);
const cells = (self) => [figure(self / amount), ((self / total) * 100).toFixed(1)];

console.log(
  `${values.variant}, Node ${node}, ${amount} requests after 8000: ${figure(total / amount)} ${unit}/request. Profile: ${file}\n`,
);
const byOwner = [...owners].sort(([, a], [, b]) => b - a).map(([owner, self]) => [owner, ...cells(self)]);
console.log(table(['owner', `${unit}/request`, '%'], byOwner));
const top = functions.slice(0, Number(values.top));
console.log(
  `\n${table(
    ['function', 'where', `self ${unit}/request`, '%'],
    top.map(({ name, place, self }) => [name, place, ...cells(self)]),
  )}`,
);

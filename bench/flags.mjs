// What one flag check costs, beside others that answer in the process. `npm run bench:flags`
import { loadavg } from 'node:os';
import { subjects, users } from './flags/subjects.mjs';

const FLAGS = ['plain', 'rollout', 'rules'];
const BLOCKS = 25;
const BLOCK_MS = 4; // of wall time, to size a block by
const LOADS = 7;
const LOADED = 1000;

const all = await subjects();
const everyone = users();
let kept = 0;

function block(check, key, people, size) {
  const before = process.cpuUsage();
  for (let i = 0; i < size; i++) if (check(key, people[i & 1023])) kept++;
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / size;
}

/** Checks that take about one block's time. */
function sizeOf(check, key, people) {
  let size = 1024;
  for (;;) {
    const began = performance.now();
    block(check, key, people, size);
    if (performance.now() - began >= BLOCK_MS || size >= 4_000_000) return size;
    size *= 2;
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const within = ({ within: run = (work) => work() }, work) => run(work);

function share(subject, people) {
  return people.filter((user) => subject.check('rollout', user)).length / people.length;
}

const loadBefore = loadavg()[0];
const results = Object.entries(all).map(([name, subject]) => {
  const people = everyone.map((user) => user[subject.form ?? 'flagd']);
  const inOn = within(subject, () => share(subject, people));
  if (Math.abs(inOn - 0.25) > 0.05) throw new Error(`${name} lets ${inOn} in at 25 %: it is not asked as it should be`);
  const sizes = within(subject, () => FLAGS.map((key) => sizeOf(subject.check, key, people)));
  return { name, subject, people, sizes, costs: FLAGS.map(() => []), bytes: FLAGS.map(() => 0) };
});

// In turns, so that a busy moment of the machine falls on all alike.
for (let round = 0; round < BLOCKS; round++) {
  for (const { subject, people, sizes, costs } of results) {
    within(subject, () => {
      for (const [at, key] of FLAGS.entries()) costs[at].push(block(subject.check, key, people, sizes[at]));
    });
  }
}

for (const { subject, people, bytes } of results) {
  within(subject, () => {
    for (const [at, key] of FLAGS.entries()) {
      globalThis.gc?.();
      const before = process.memoryUsage().heapUsed;
      block(subject.check, key, people, 20_000);
      bytes[at] = Math.max(0, process.memoryUsage().heapUsed - before) / 20_000;
    }
  });
}

console.log(
  `Node ${process.version}, load average ${loadBefore.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after.`,
);
console.log(
  `CPU ns per boolean check, median of ${BLOCKS} blocks in turns (lowest); bytes per check${globalThis.gc ? '' : ' are rough without --expose-gc'}.\n`,
);
console.log('| subject | no rule | 25 % rollout | three rules | bytes |\n| --- | ---: | ---: | ---: | ---: |');
for (const { name, costs, bytes } of results) {
  const cells = costs.map((values) => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`);
  console.log(`| ${name} | ${cells.join(' | ')} | ${bytes.map((value) => value.toFixed(0)).join(' / ')} |`);
}

console.log(`\nLoading ${LOADED} flags of three rules, CPU ms: median of ${LOADS} (first).\n`);
for (const { name, subject } of results) {
  if (subject.load === undefined) continue;
  const times = Array.from({ length: LOADS }, () => {
    globalThis.gc?.();
    const before = process.cpuUsage();
    subject.load(LOADED);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  console.log(`- ${name}: ${median(times).toFixed(0)} (${times[0].toFixed(0)})`);
}
for (const { subject } of results) await subject.stop?.();
if (kept < 0) console.log(kept);

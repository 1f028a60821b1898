// What one flag check costs, beside others that answer in the process.

import { allocated } from '../harness/allocated.cjs';
import { answer } from '../harness/answer.cjs';
import { FLAGS } from './flags/document.mjs';
import { subjects } from './flags/subjects.mjs';
import { users } from './flags/users.mjs';

const LOADED = 1000;
/** Checks in one turn of the loop, so many that the turn's own allocations do not show. */
const BATCH = 4000;
const everyone = users();

const within = ({ within: run = (work) => work() }, work) => run(work);

/** @param {{ source: string, blocks: number }} what @returns ns by subject and flag, by block */
async function costs({ source, blocks }) {
  const all = await opened(source);
  for (const each of all)
    each.sizes = within(each.subject, () => FLAGS.map((key) => each.loop.sizeOf(each.subject.check, key, each.people)));
  // In turns, so that a busy moment of the machine falls on all alike.
  for (let round = 0; round < blocks; round++) {
    for (const { subject, loop, people, sizes, ns } of all) {
      within(subject, () => {
        for (const [at, key] of FLAGS.entries()) ns[key].push(loop.block(subject.check, key, people, sizes[at]));
      });
    }
  }
  return Object.fromEntries(all.map(({ name, ns, subject }) => [name, { ns, loadMs: loadMs(subject) }]));
}

/** Bytes per check; the process needs ALLOCATION_FLAGS. */
async function allocations({ source }) {
  const bytes = {};
  for (const { name, subject, people } of await opened(source)) {
    bytes[name] = {};
    for (const key of FLAGS) {
      let next = 0;
      const check = () => subject.check(key, people[next++ & 1023]);
      bytes[name][key] = await within(subject, () => allocated(check, BATCH));
    }
  }
  return bytes;
}

async function opened(source) {
  const opening = Object.entries(await subjects(source)).map(async ([name, subject], at) => {
    const people = everyone.map((user) => user[subject.form ?? 'flagd']);
    const share = within(subject, () => people.filter((user) => subject.check('rollout', user)).length / people.length);
    if (Math.abs(share - 0.25) > 0.05)
      throw new Error(`${name} lets ${share} in at 25 %: it is not asked as it should be`);
    // A loop of its own, as a program's place of a check knows one way of checking alone.
    const loop = await import(`./flags/blocks.mjs?${at}`);
    return { name, subject, loop, people, sizes: [], ns: Object.fromEntries(FLAGS.map((key) => [key, []])) };
  });
  return Promise.all(opening);
}

/** CPU ms to load a thousand flags of three rules, several times. */
function loadMs({ load }) {
  if (load === undefined) return null;
  return Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    load(LOADED);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

answer({ costs, allocations });

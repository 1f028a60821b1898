// The library's own check, and its heap, with so many flags loaded.
import { answer } from '../harness/answer.cjs';
import { block, sizeOf } from './flags/blocks.mjs';
import { fourlights } from './flags/fourlights.mjs';
import { users } from './flags/users.mjs';

const people = users().map((user) => user.flagd);

/** @param {{ source: string, sizes: number[], blocks: number }} what needs --expose-gc */
async function growth({ source, sizes, blocks }) {
  const { byKey } = await fourlights(source);
  sizeOf(byKey.check, 'rules', people); // compiled from here on
  return sizes.map((count) => {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    const client = byKey.load(count);
    globalThis.gc();
    const heapBytes = process.memoryUsage().heapUsed - before;
    const check = (key, user) => client.boolean(key, false, user);
    const size = sizeOf(check, 'rules', people);
    return { count, heapBytes, ns: Array.from({ length: blocks }, () => block(check, 'rules', people, size)) };
  });
}

answer({ growth });

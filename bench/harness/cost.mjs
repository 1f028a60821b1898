import { setImmediate as nextTurn } from 'node:timers/promises';
import { allocated } from './allocated.cjs';

const BLOCK_MS = 20;

/** What a call returned last: used, so that no call is optimised away. */
export let kept;

/**
 * CPU of the process per call, garbage collection and writing included, in ns, by block.
 * @param {Record<string, () => unknown>} calls measured in turns, so that a busy moment of the machine falls on all alike
 * @param {{ blocks: number, batch: number }} how `batch` calls in one turn of the loop, so few that no buffer fills before it may
 *   be written
 * @returns {Promise<Record<string, number[]>>}
 */
export async function costs(calls, { blocks, batch }) {
  const all = Object.entries(calls).map(([name, call]) => ({ name, call, batches: 1, ns: [] }));
  for (const each of all) await batchesOf(each.call, batch); // compiled from here on
  for (const each of all) each.batches = await batchesOf(each.call, batch);
  for (let round = 0; round < blocks; round++) {
    for (const { call, batches, ns } of all) ns.push(await block(call, batch, batches));
  }
  return Object.fromEntries(all.map(({ name, ns }) => [name, ns]));
}

/** Bytes allocated per call; the process needs ALLOCATION_FLAGS. @returns {Promise<Record<string, number>>} */
export async function allocations(calls, { batch }) {
  const rows = [];
  for (const [name, call] of Object.entries(calls)) {
    await batchesOf(call, batch);
    rows.push([name, await allocated(call, batch)]);
  }
  return Object.fromEntries(rows);
}

async function block(call, batch, batches) {
  const before = process.cpuUsage();
  for (let i = 0; i < batches; i++) {
    for (let n = 0; n < batch; n++) kept = call();
    await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (batches * batch);
}

/** As many as take about one block's time. */
async function batchesOf(call, batch) {
  for (let batches = 4; ; batches *= 2) {
    const began = performance.now();
    await block(call, batch, batches);
    const ms = performance.now() - began;
    if (ms >= BLOCK_MS) return Math.max(1, Math.round((batches * BLOCK_MS) / ms));
  }
}

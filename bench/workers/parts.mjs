// One group of single calls, in a process of its own: observe() is once per process.
import { answer } from '../harness/answer.cjs';
import { allocations, costs } from '../harness/cost.mjs';

/** @typedef {{ file: string, group?: string, library: string, source: string, folder: string }} Where */

/** @param {(calls: Record<string, () => unknown>, how: any) => Promise<unknown>} take */
const measuring =
  (take) =>
  async (/** @type {Where & { blocks: number, peers: boolean }} */ { file, blocks, peers: wanted, ...where }) => {
    const { open } = await import(`../parts/${file}.mjs`);
    const { calls, peers, batch = 200, within = (work) => work(), close } = await open(where);
    const measured = await within(() => take({ ...calls, ...(wanted && peers) }, { blocks, batch }));
    await close?.();
    return measured;
  };

answer({ costs: measuring(costs), allocations: measuring(allocations) });

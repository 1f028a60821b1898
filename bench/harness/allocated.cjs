// Bytes allocated, exactly: the new generation is made so large that nothing is collected while it is counted, and then what the
// heap grew by is what was allocated. Needs the flags below; memory outside the heap, such as buffers, is not in it.
const { PerformanceObserver } = require('node:perf_hooks');
const { setImmediate: nextTurn, setTimeout: wait } = require('node:timers/promises');
const { getHeapStatistics } = require('node:v8');

const SEMI_SPACE_MB = 256;

exports.ALLOCATION_FLAGS = [
  '--expose-gc',
  `--min-semi-space-size=${SEMI_SPACE_MB}`,
  `--max-semi-space-size=${SEMI_SPACE_MB}`,
];

let collections = 0;
let observer;

/** Empties the heap; what follows is counted. @returns {Promise<() => Promise<number>>} bytes since then; NaN when collected meanwhile */
exports.counting = async function counting() {
  if (observer === undefined) {
    observer = new PerformanceObserver((list) => {
      collections += list.getEntries().length;
    });
    observer.observe({ entryTypes: ['gc'] });
  }
  globalThis.gc();
  await wait(20); // until the entry of that collection has been told
  const before = { collections, bytes: getHeapStatistics().used_heap_size };
  return async () => {
    const bytes = getHeapStatistics().used_heap_size - before.bytes;
    await wait(20);
    return collections === before.collections ? bytes : Number.NaN;
  };
};

/** Bytes per call. */
exports.allocated = async function allocated(call, batch) {
  for (let batches = 100; batches >= 1; batches = Math.floor(batches / 4)) {
    const count = await exports.counting();
    for (let i = 0; i < batches; i++) {
      for (let n = 0; n < batch; n++) call();
      await nextTurn();
    }
    const bytes = await count();
    if (!Number.isNaN(bytes)) return bytes / (batches * batch);
  }
  return Number.NaN;
};

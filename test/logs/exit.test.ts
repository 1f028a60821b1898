import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { flushOnExit } from '../../src/logs/exit.js';
import { Lab } from './fixtures/host.js';

/** Together less than a pipe holds, so that nothing here depends on how fast this process reads. */
const thousand = { lines: 1000, pad: 'x'.repeat(30) };
vi.setConfig({ testTimeout: 15_000 }); // a child that hangs is killed after ten seconds
const lab = new Lab();
beforeAll(() => lab.build());
afterAll(() => lab.remove());

/** How it ends with us, which is how Node ends it without us, and the lines it logs on its way. */
const endings: [ending: string, code: number | null, signal: NodeJS.Signals | null, more: number][] = [
  ['natural', 0, null, 0],
  ['exit', 3, null, 0],
  ['throw', 1, null, 0],
  ['reject', 1, null, 0],
  ['SIGTERM', null, 'SIGTERM', 0],
  ['SIGINT', null, 'SIGINT', 0],
  ['SIGHUP', null, 'SIGHUP', 0],
  ['SIGTERM with a handler that exits', 5, null, 1],
];

const lateLines: typeof endings = [
  ['logs on beforeExit', 0, null, 1],
  ['logs on exit', 0, null, 1],
  ['SIGTERM with a once handler that shuts down slowly', 6, null, 1],
  ['SIGTERM with a once handler that was prepended', 6, null, 1],
  ['SIGTERM with a once handler that was prepended and raises it again', null, 'SIGTERM', 1],
  ['SIGTERM with a handler that logs and raises it again', null, 'SIGTERM', 1],
  ['SIGTERM with a listener that yields to others', null, 'SIGTERM', 0],
  ['SIGTERM twice, the first time handled', null, 'SIGTERM', 1],
  ['SIGTERM ignored', 0, null, 1],
];

const inOrder = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.concurrent('every line is there and the exit status is what it would have been', () => {
  test.each(endings)('in the first tick: %s', async (ending, code, signal, more) => {
    const ended = await lab.run({ ...thousand, ending });
    expect(ended).toMatchObject({ code, signal, torn: [], told: [], received: inOrder(1000 + more) });
  });

  test.each(endings)('after 300 ms: %s', async (ending, code, signal, more) => {
    const ended = await lab.run({ ...thousand, ending, warm: true }, { stdout: 'socket' });
    expect(ended).toMatchObject({ code, signal, torn: [], told: [], received: inOrder(1000 + more) });
  });

  test('what a pipe does not hold waits for a reader that reads', async () => {
    const ended = await lab.run({ lines: 5000, ending: 'exit' });
    expect(ended).toMatchObject({ code: 3, torn: [], told: [], received: inOrder(5000) });
  });

  test.each(lateLines)('with lines that come late: %s', async (ending, code, signal, more) => {
    const ended = await lab.run({ ...thousand, ending });
    expect(ended).toMatchObject({ code, signal, torn: [], told: [], received: inOrder(1000 + more) });
  });
});

describe('the listeners', () => {
  const events = ['exit', 'removeListener', 'SIGTERM', 'SIGINT', 'SIGHUP'];
  const counts = () => events.map((event) => process.listenerCount(event));
  const destination = () => ({ writeThrough: () => {}, drain: () => true, farewell: () => {} });

  test('are one set for all destinations, and go with the last', () => {
    const before = counts();
    const first = flushOnExit(destination());
    const one = counts();
    const second = flushOnExit(destination());
    expect(counts()).toEqual(one);
    expect(one).toEqual(before.map((count) => count + 1));
    first();
    first();
    expect(counts()).toEqual(one);
    second();
    expect(counts()).toEqual(before);
  });

  test('do not keep a process alive', async () => {
    const ended = await lab.run({ lines: 1 });
    expect(ended.code).toBe(0);
    expect(ended.lifeMs).toBeLessThan(2000);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifecycle } from '../../src/core/lifecycle.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<void>(() => {});
const takes = (ms: number) => () => new Promise<void>((resolve) => void setTimeout(resolve, ms));

function parts(stops: Record<string, (leftMs: number) => void | Promise<void>>) {
  const lifecycle = new Lifecycle();
  const stopped: string[] = [];
  for (const [name, stop] of Object.entries(stops)) {
    lifecycle.started(name, (leftMs) => {
      stopped.push(name);
      return stop(leftMs);
    });
  }
  return { lifecycle, stopped };
}

async function stopWithin(lifecycle: Lifecycle, ms: number) {
  const report = lifecycle.stop(ms);
  await vi.advanceTimersByTimeAsync(ms + 1000);
  return report;
}

describe('stopping', () => {
  test('goes in reverse order of starting, one part after the other', async () => {
    const { lifecycle, stopped } = parts({ first: takes(10), second: () => {}, third: takes(20) });
    const report = lifecycle.stop(1000);
    await vi.advanceTimersByTimeAsync(19);
    expect(stopped).toEqual(['third']);
    await vi.advanceTimersByTimeAsync(1);
    expect(stopped).toEqual(['third', 'second', 'first']);
    await vi.advanceTimersByTimeAsync(10);
    expect(await report).toEqual({ durationMs: 30, failures: [] });
  });

  test('a part that throws or rejects is in the report, and the others are stopped all the same', async () => {
    const { lifecycle, stopped } = parts({
      a: () => {},
      b: () => {
        throw new Error('stuck');
      },
      c: () => Promise.reject(new Error('refused')),
    });
    expect(await stopWithin(lifecycle, 100)).toMatchObject({ failures: ['c: refused', 'b: stuck'] });
    expect(stopped).toEqual(['c', 'b', 'a']);
  });

  test('a part that never ends takes the time there is, and no more', async () => {
    const { lifecycle } = parts({ a: () => {}, slow: never });
    expect(await stopWithin(lifecycle, 200)).toEqual({
      durationMs: 200,
      failures: ['slow: not stopped within 200 ms'],
    });
  });

  test('the time is for all parts together: who comes late gets what is left', async () => {
    const { lifecycle } = parts({ last: never, middle: never, first: takes(150) });
    const { durationMs, failures } = await stopWithin(lifecycle, 200);
    expect(failures).toEqual(['middle: not stopped within 50 ms', 'last: not stopped within 0 ms']);
    expect(durationMs).toBeLessThanOrEqual(201); // Node's shortest timer is 1 ms
  });

  test('each part is told how long it may take', async () => {
    const told: number[] = [];
    const { lifecycle } = parts({
      b: (leftMs) => void told.push(leftMs),
      slow: takes(30),
      a: (leftMs) => void told.push(leftMs),
    });
    await stopWithin(lifecycle, 100);
    expect(told).toEqual([100, 70]);
  });

  test('with no time at all a part that is done at once is still stopped', async () => {
    const { lifecycle, stopped } = parts({ quick: () => Promise.resolve(), instant: () => {} });
    expect(await stopWithin(lifecycle, 0)).toMatchObject({ failures: [] });
    expect(stopped).toEqual(['instant', 'quick']);
  });

  test('a part that fails after its time is up is no unhandled rejection', async () => {
    const { lifecycle } = parts({
      slow: () => new Promise((_, reject) => void setTimeout(() => reject(new Error('late')), 500)),
    });
    expect((await stopWithin(lifecycle, 100)).failures).toEqual(['slow: not stopped within 100 ms']);
    await vi.advanceTimersByTimeAsync(1000);
  });

  test('twice is once: the second call gets the report of the first', async () => {
    const { lifecycle, stopped } = parts({ a: takes(10) });
    const [first, second] = [lifecycle.stop(100), lifecycle.stop(1)];
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toBe(await second);
    expect(stopped).toEqual(['a']);
  });

  test('leaves no timer behind', async () => {
    const { lifecycle } = parts({ a: () => Promise.resolve(), b: () => {} });
    await lifecycle.stop(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('without parts there is nothing to do', async () => {
    expect(await new Lifecycle().stop(100)).toEqual({ durationMs: 0, failures: [] });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { DescriptorOutlet } from '../../src/logs/destination-descriptor.js';
import { Ledger } from '../../src/logs/destination-ledger.js';
import { manualClock } from '../../src/testing/index.js';

/** An outlet over a sink that takes everything, or fails with `code` for as long as that is set. */
function outletOver({ maxBytes = 1000 }: { maxBytes?: number } = {}) {
  const told: string[] = [];
  const clock = manualClock();
  const ledger = new Ledger((text) => told.push(text), clock);
  const writes: string[] = [];
  const system: { code: string | undefined; closed: number } = { code: undefined, closed: 0 };
  const sink = {
    write: (bytes: Buffer, offset: number): number => {
      if (system.code !== undefined) throw Object.assign(new Error(system.code), { code: system.code });
      writes.push(bytes.toString('utf8', offset));
      return bytes.length - offset;
    },
    close: () => void system.closed++,
  };
  const outlet = new DescriptorOutlet(sink, ledger, maxBytes);
  const balance = () => ({ written: ledger.written, dropped: ledger.dropped, pending: outlet.pending });
  return { outlet, system, writes, told, clock, balance };
}

const line = (n: number, length = 10): string => `${String(n).padStart(length - 1, '0')}\n`;

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) await sleep(5);
  expect(condition()).toBe(true);
}

describe('lines for a descriptor', () => {
  test('leave together, after the tick that wrote them', async () => {
    const { outlet, writes, balance } = outletOver();
    for (let n = 0; n < 3; n++) outlet.write(line(n));
    expect(writes).toEqual([]);
    expect(balance()).toEqual({ written: 0, dropped: 0, pending: 3 });
    await until(() => writes.length > 0);
    expect(writes).toEqual([line(0) + line(1) + line(2)]);
    expect(balance()).toEqual({ written: 3, dropped: 0, pending: 0 });
  });

  test('leave at once when the next might not fit into 64 KiB', () => {
    const { outlet, writes } = outletOver({ maxBytes: 1e6 });
    outlet.write(line(0, 20_000));
    expect(writes).toEqual([]);
    outlet.write(line(1, 20_000));
    expect(writes).toEqual([line(0, 20_000)]);
  });

  test('that are long leave at once, after those that wait', () => {
    const { outlet, writes } = outletOver({ maxBytes: 1e6 });
    outlet.write(line(0));
    outlet.write(line(1, 70_000));
    expect(writes).toEqual([line(0), line(1, 70_000)]);
  });

  test('leave one by one while writing through', () => {
    const { outlet, writes } = outletOver();
    outlet.write(line(0));
    outlet.writeThrough(true);
    outlet.write(line(1));
    outlet.write(line(2));
    expect(writes).toEqual([line(0), line(1), line(2)]);
  });

  test('wait for a sink that takes none, and leave in order when it does', async () => {
    const { outlet, system, writes, told, balance } = outletOver();
    system.code = 'EAGAIN';
    for (let n = 0; n < 3; n++) {
      outlet.write(line(n));
      outlet.flush();
    }
    expect(balance()).toEqual({ written: 0, dropped: 0, pending: 3 });
    system.code = undefined;
    await until(() => outlet.pending === 0);
    expect(writes.join('')).toBe(line(0) + line(1) + line(2));
    expect(told).toEqual([]);
  });

  test('are dropped, the newest first, when as many bytes wait as may', async () => {
    const { outlet, system, writes, balance } = outletOver({ maxBytes: 25 });
    system.code = 'EAGAIN';
    for (let n = 0; n < 5; n++) {
      outlet.write(line(n));
      outlet.flush();
    }
    expect(balance()).toEqual({ written: 0, dropped: 3, pending: 2 });
    system.code = undefined;
    await until(() => outlet.pending === 0);
    expect(writes.join('')).toBe(line(0) + line(1));
    expect(balance()).toEqual({ written: 2, dropped: 3, pending: 0 });
  });

  test('are dropped when one alone is longer than what may wait', () => {
    const { outlet, balance } = outletOver({ maxBytes: 100 });
    outlet.write(line(0, 101));
    expect(balance()).toEqual({ written: 0, dropped: 1, pending: 0 });
  });

  test('count in the ledger of the process, by reason', () => {
    const before = diagnostics.drops()['logs']?.['line_too_long'] ?? 0;
    outletOver({ maxBytes: 5 }).outlet.write(line(0));
    expect(diagnostics.drops()['logs']?.['line_too_long']).toBe(before + 1);
  });

  test('of which the reader has gone while they waited leave nothing behind: the descriptor may be another file by then', () => {
    const { outlet, system, writes, balance } = outletOver();
    system.code = 'EAGAIN';
    outlet.write(line(0));
    outlet.flush();
    outlet.write(line(1)); // in the batch when the end is found
    system.code = 'EPIPE';
    outlet.flush();
    expect(balance()).toEqual({ written: 0, dropped: 2, pending: 0 });
    system.code = undefined;
    outlet.flush();
    outlet.write(line(2));
    outlet.close();
    expect(writes).toEqual([]);
    expect(balance()).toEqual({ written: 0, dropped: 3, pending: 0 });
  });

  test('wait on a full disk and are all there when there is space again', async () => {
    const { outlet, system, writes, told, balance } = outletOver();
    system.code = 'ENOSPC';
    outlet.write(line(0));
    outlet.flush();
    outlet.write(line(1));
    outlet.flush();
    expect(told).toEqual([expect.stringContaining('(ENOSPC)')]);
    system.code = undefined;
    await until(() => outlet.pending === 0);
    expect(writes.join('')).toBe(line(0) + line(1));
    expect(balance()).toEqual({ written: 2, dropped: 0, pending: 0 });
    expect(told.at(-1)).toBe('log lines get through again; 0 were dropped meanwhile');
  });

  test.each(['EPIPE', 'ECONNRESET', 'EBADF'])('are counted and never tried again after %s', (code) => {
    const { outlet, system, told, balance } = outletOver();
    system.code = code;
    outlet.write(line(0));
    outlet.flush();
    system.code = undefined;
    outlet.write(line(1));
    outlet.flush();
    expect(balance()).toEqual({ written: 0, dropped: 2, pending: 0 });
    expect(system.closed).toBe(1);
    expect(told).toEqual([expect.stringContaining(`nobody reads the log any more (${code})`)]);
  });

  test('are refused and counted after close, which lets go of the descriptor once', () => {
    const { outlet, system, writes, balance } = outletOver();
    outlet.write(line(0));
    outlet.close();
    outlet.close();
    outlet.write(line(1));
    expect(writes).toEqual([line(0)]);
    expect(balance()).toEqual({ written: 1, dropped: 1, pending: 0 });
    expect(system.closed).toBe(1);
  });
});

describe('loss', () => {
  test('is told once when it starts and once when it ends, with its count', async () => {
    const { outlet, system, told } = outletOver({ maxBytes: 15 });
    system.code = 'EAGAIN';
    for (let n = 0; n < 10; n++) {
      outlet.write(line(n));
      outlet.flush();
    }
    system.code = undefined;
    outlet.flush();
    expect(told).toEqual([
      'log lines are being dropped and counted (buffer_full)',
      'log lines get through again; 9 were dropped meanwhile',
    ]);
  });

  test('that comes and goes within a minute is told once, and the next telling includes it', () => {
    const { outlet, system, told, clock } = outletOver({ maxBytes: 15 });
    const episode = (): void => {
      system.code = 'EAGAIN';
      for (let n = 0; n < 3; n++) {
        outlet.write(line(n));
        outlet.flush();
      }
      system.code = undefined;
      outlet.flush();
    };
    episode();
    episode();
    episode();
    expect(told).toHaveLength(2);
    clock.advance(60_000);
    episode();
    expect(told.slice(2)).toEqual([
      'log lines are being dropped and counted (buffer_full)',
      'log lines get through again; 6 were dropped meanwhile',
    ]);
  });
});

describe('draining', () => {
  test('waits for a reader as long as it takes something', async () => {
    const { outlet, system, balance } = outletOver();
    system.code = 'EAGAIN';
    outlet.write(line(0));
    expect(outlet.drain({ quietMs: 20, totalMs: 1000 })).toBe(false);
    expect(balance().pending).toBe(1);
    system.code = undefined;
    expect(outlet.drain({ quietMs: 20, totalMs: 1000 })).toBe(true);
    expect(balance().written).toBe(1);
  });

  test('does not wait for a disk', () => {
    const { outlet, system } = outletOver();
    system.code = 'ENOSPC';
    outlet.write(line(0));
    const began = performance.now();
    expect(outlet.drain({ quietMs: 5000, totalMs: 5000 })).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

import type { ChildProcess } from 'node:child_process';
import { chownSync, closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Ended, Lab, type Stdout } from './fixtures/host.js';

vi.setConfig({ testTimeout: 15_000 }); // a child that hangs is killed after ten seconds
const lab = new Lab();
beforeAll(() => lab.build());
afterAll(() => lab.remove());

/** Up to 16 MB a second, on a busy machine a part of that; bounds are low enough to be reached either way. */
const flood = (forMs: number) => ({ everyMs: 1, lines: 100, forMs });
const stopped = (): void => {};
const goes = (reader: Readable): void => void reader.once('data', () => reader.destroy()).resume();
/** A stopped reader, and what happens once the child has said that it is in trouble. */
const once =
  (then: (reader: Readable, child: ChildProcess) => void) =>
  (reader: Readable, child: ChildProcess): void =>
    void child.stderr?.once('data', () => then(reader, child));
const DROPPING = 'fourlights: log lines are being dropped and counted (buffer_full)';
const lostAtTheEnd = (lines: number) => `fourlights: ${lines} log lines did not get through before the end`;

/** Nothing is left, nothing is counted twice, and what counts as written is what arrived: in order and whole. */
function expectExact({ received, torn, counts }: Ended): void {
  expect(counts).toMatchObject({ pending: 0, accepted: (counts?.written ?? 0) + (counts?.dropped ?? 0) });
  expect(received).toHaveLength(counts?.written ?? 0);
  expect(torn).toEqual([]);
  expect(received).toEqual(received.toSorted((a, b) => a - b));
}

describe.concurrent.each<Stdout>(['pipe', 'socket'])('a host whose stdout is a %s', (stdout) => {
  test('neither blocks nor dies when the reader stops, and ends within two seconds', async () => {
    const ended = await lab.run({ flood: flood(1200), maxBufferBytes: 1e6 }, { stdout, reader: stopped });
    expectExact(ended);
    expect(ended).toMatchObject({ code: 0, told: [DROPPING, lostAtTheEnd(ended.counts?.dropped ?? 0)] });
    expect(ended.counts?.longestGapMs).toBeLessThan(500);
    expect(ended.lifeMs).toBeLessThan(1200 + 2000);
  });

  test('goes on when the reader resumes, and says what the pause cost', async () => {
    const plan = { flood: { everyMs: 1, lines: 10, forMs: 1600 }, maxBufferBytes: 200_000, ending: 'exit' };
    const ended = await lab.run(plan, { stdout, reader: once((reader) => reader.resume()) });
    expectExact(ended);
    const { code, received, told, counts } = ended;
    expect(code).toBe(3);
    expect(told.slice(0, 2)).toEqual([DROPPING, expect.stringMatching(/get through again; [1-9]\d* were dropped/)]);
    expect(received.at(-1)).toBeGreaterThan(received.length); // lines from after the gap
    expect(counts?.dropped).toBeGreaterThan(0);
  });

  test('is killed by SIGINT while its reader stands still', async () => {
    let sentMs = 0;
    const interrupted = once((_, child) => {
      sentMs = performance.now();
      child.kill('SIGINT');
    });
    const ended = await lab.run({ flood: flood(4000), maxBufferBytes: 1e6 }, { stdout, reader: interrupted });
    expect(ended).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(performance.now() - sentMs).toBeLessThan(2000);
  });

  test('survives that the reader goes, and says so once', async () => {
    const { code, told, counts } = await lab.run({ flood: flood(300) }, { stdout, reader: goes });
    expect(code).toBe(0);
    expect(told).toEqual([expect.stringMatching(/nobody reads the log any more \((EPIPE|ECONNRESET)\)/)]);
    expect(counts).toMatchObject({ pending: 0, accepted: (counts?.written ?? 0) + (counts?.dropped ?? 0) });
    expect(counts?.dropped).toBeGreaterThan(0);
  });
});

describe.concurrent('a host', () => {
  test('survives a closed pipe that is its stderr as well', async () => {
    const { code, counts } = await lab.run({ flood: flood(400) }, { stderr: 'like stdout', reader: goes });
    expect(code).toBe(0);
    expect(counts?.dropped).toBeGreaterThan(0);
  });

  test('survives a full disk, and counts every line that it cost', async () => {
    const full = openSync('/dev/full', 'w');
    const ended = await lab.run({ flood: { everyMs: 1, lines: 10, forMs: 300 } }, { stdout: full });
    closeSync(full);
    expectExact(ended);
    const lost = ended.counts?.accepted ?? 0;
    expect(ended).toMatchObject({ code: 0, counts: { written: 0, dropped: lost } });
    expect(ended.told).toEqual([expect.stringContaining('(ENOSPC)'), lostAtTheEnd(lost)]);
    expect(ended.lifeMs).toBeLessThan(300 + 2000);
  });

  test('goes on where it stopped when a file that reached its limit has room again', async () => {
    const path = lab.path('app.log');
    let before = '';
    const truncated = once(() =>
      setTimeout(() => {
        before = readFileSync(path, 'utf8');
        truncateSync(path, 0);
      }, 250),
    );
    // Full after some four seconds; what comes in the other three finds room, and there is time for a busy machine to make it.
    const plan = { to: path, pad: 'x'.repeat(50), maxBufferBytes: 600, flood: { everyMs: 50, lines: 3, forMs: 7000 } };
    const { code, told, counts } = await lab.run(plan, { limitBlocks: 32, reader: truncated });
    const text = before + readFileSync(path, 'utf8'); // the line that the limit cut is whole across the cut
    const numbers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).n);
    expect(code).toBe(0);
    expect(told.slice(0, 2)).toEqual([
      expect.stringContaining('(EFBIG)'),
      expect.stringContaining('get through again'),
    ]);
    expect(numbers).toHaveLength(counts?.written ?? 0);
    expect(counts?.dropped).toBeGreaterThan(0);
    expect(counts).toMatchObject({ pending: 0, accepted: (counts?.written ?? 0) + (counts?.dropped ?? 0) });
  });

  test.skipIf(process.getuid?.() !== 0)(
    'that may not open its stdout a second time does not block either',
    async () => {
      chownSync(lab.folder, 65534, 65534); // for the report
      const ended = await lab.run({ flood: flood(800), uid: 65534, ending: 'exit' }, { reader: stopped });
      expectExact(ended);
      expect(ended.code).toBe(3);
      expect(ended.counts?.longestGapMs).toBeLessThan(500);
    },
  );
});

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { Destination } from '../../src/logs/destination.js';
import { Lab } from './fixtures/host.js';

const lab = new Lab();
afterAll(() => lab.remove());

const line = (n: number, length = 100): string => `${JSON.stringify({ n, pad: 'x'.repeat(length) })}\n`;
const onLinux = test.skipIf(process.platform !== 'linux');

function take(fd: number, most = 1 << 20): string {
  const bytes = Buffer.alloc(most);
  try {
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } catch {
    return ''; // EAGAIN
  }
}

describe('a file', () => {
  test('is appended to, and made readable for all when it is new', () => {
    const path = lab.path('app.log');
    for (const n of [1, 2]) {
      const destination = new Destination({ to: path });
      destination.write(line(n));
      destination.close();
      expect(destination).toMatchObject({ written: 1, dropped: 0, pending: 0 });
    }
    expect(readFileSync(path, 'utf8')).toBe(line(1) + line(2));
    expect(statSync(path).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  test('that cannot be opened is an error at construction', () => {
    expect(() => new Destination({ to: lab.path('no/such/folder') })).toThrow('ENOENT');
    expect(() => new Destination({ to: 9999 })).toThrow('EBADF');
  });

  test('takes what pino writes; a flush says whether all of it got out', async () => {
    const path = lab.path('pino.log');
    const log = pino({ base: null, timestamp: false }, new Destination({ to: path }));
    log.info('one');
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(await new Promise((resolve) => log.flush(resolve))).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('{"level":30,"msg":"one"}\n');
    log.fatal('two');
    expect(readFileSync(path, 'utf8')).toContain('two');
  });

  test('given as a descriptor stays open when the destination is closed', () => {
    const fd = openSync(lab.path('given.log'), 'w');
    new Destination({ to: fd }).close();
    expect(fstatSync(fd).isFile()).toBe(true);
    closeSync(fd);
  });
});

describe('a pipe', () => {
  const flagsOf = (fd: number) => /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];

  onLinux('is not made non-blocking for those who share it', () => {
    const { writing } = lab.pipe();
    const before = flagsOf(writing);
    const destination = new Destination({ to: writing });
    destination.write(line(1));
    destination.flush();
    expect(flagsOf(writing)).toBe(before);
  });

  onLinux('shared by two writers never shows half a line of either, stopped reader or not', async () => {
    const { reading, writing, path } = lab.pipe();
    const writers = [new Destination({ to: writing }), new Destination({ to: path })];
    for (let n = 0; n < 1500; n++) for (const writer of writers) writer.write(line(n, n % 300));
    let text = '';
    for (let tries = 0; tries < 2000 && writers.some((writer) => writer.pending > 0); tries++) {
      for (const writer of tries % 2 === 0 ? writers : writers.toReversed()) writer.flush();
      text += take(reading, 10_000);
    }
    for (let more = take(reading); more !== ''; more = take(reading)) text += more;
    const numbers = text
      .trimEnd()
      .split('\n')
      .map((whole) => JSON.parse(whole).n);
    expect(numbers).toHaveLength(3000);
    expect(writers).toMatchObject([{ written: 1500 }, { written: 1500 }]);
  });

  onLinux('passes on a line that is longer than the pipe', async () => {
    const { reading, writing } = lab.pipe();
    const destination = new Destination({ to: writing });
    const long = line(1, 300_000);
    destination.write(long);
    let text = '';
    for (let tries = 0; tries < 400 && text.length < long.length; tries++) {
      text += take(reading);
      await sleep(1);
    }
    expect(text === long).toBe(true);
    expect(destination.written).toBe(1);
  });

  onLinux('whose reader has gone is told once and costs lines', () => {
    const { reading, writing } = lab.pipe();
    const told: string[] = [];
    const destination = new Destination({ to: writing, tell: (text) => told.push(text) });
    closeSync(reading);
    for (let n = 0; n < 3; n++) {
      destination.write(line(n));
      destination.flush();
    }
    expect(destination).toMatchObject({ written: 0, dropped: 3, pending: 0 });
    expect(told).toEqual(['nobody reads the log any more (EPIPE): its lines are dropped and counted']);
  });

  onLinux('that stands still does not hold up a flush', async () => {
    const { writing } = lab.pipe();
    const destination = new Destination({ to: writing, tell: () => {} });
    for (let n = 0; n < 2000; n++) destination.write(line(n));
    const began = performance.now();
    destination.flushSync();
    const cause = await new Promise<Error | undefined>((resolve) => destination.flush(resolve));
    expect(performance.now() - began).toBeLessThan(500);
    expect(cause?.message).toBe(`${destination.pending} log lines still wait`);
    destination.close();
    expect(destination.written + destination.dropped).toBe(2000);
  });
});

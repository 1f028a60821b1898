import { PassThrough, Writable } from 'node:stream';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Destination } from '../../src/logs/destination.js';

function over(stream: Writable, maxBufferBytes?: number) {
  const told: string[] = [];
  const destination = new Destination({ to: stream, maxBufferBytes, tell: (text) => told.push(text) });
  const balance = () => ({ written: destination.written, dropped: destination.dropped, pending: destination.pending });
  return { destination, told, balance };
}

describe('a destination that is a stream', () => {
  test('gets each line by itself and at once', () => {
    const stream = new PassThrough({ objectMode: true });
    const { destination } = over(stream);
    destination.write('one\n');
    destination.write('two\n');
    expect([stream.read(), stream.read()]).toEqual(['one\n', 'two\n']);
  });

  test('counts a line as written when the stream calls back', async () => {
    const waiting: (() => void)[] = [];
    const { destination, balance } = over(
      new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) }),
    );
    destination.write('one\n');
    destination.write('two\n');
    expect(balance()).toEqual({ written: 0, dropped: 0, pending: 2 });
    waiting.shift()?.();
    await tick();
    expect(balance()).toEqual({ written: 1, dropped: 0, pending: 1 });
  });

  test('is bounded: what a stuck stream cannot hold is dropped and told', () => {
    const { destination, told, balance } = over(new Writable({ write: () => {} }), 10);
    for (let n = 0; n < 5; n++) destination.write('four\n');
    expect(balance()).toEqual({ written: 0, dropped: 3, pending: 2 });
    expect(told).toEqual(['log lines are being dropped and counted (buffer_full)']);
  });

  test('keeps 8 MiB unless told otherwise', () => {
    const { destination, balance } = over(new Writable({ write: () => {} }));
    const kilobyte = `${'x'.repeat(1023)}\n`;
    for (let n = 0; n < 9 * 1024; n++) destination.write(kilobyte);
    expect(balance()).toEqual({ written: 0, dropped: 1024, pending: 8 * 1024 });
  });

  test('that fails does not kill the host, and is told once', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no more')) });
    const { destination, told, balance } = over(stream);
    for (let n = 0; n < 3; n++) destination.write('line\n');
    await tick();
    destination.write('line\n');
    await tick();
    expect(balance()).toEqual({ written: 0, dropped: 4, pending: 0 });
    expect(told).toHaveLength(1);
  });

  test('that throws does not throw at the host', () => {
    const stream = new Writable({
      write: () => {
        throw new Error('not today');
      },
    });
    const { destination, balance } = over(stream);
    expect(() => destination.write('line\n')).not.toThrow();
    expect(balance()).toEqual({ written: 0, dropped: 1, pending: 0 });
  });

  test('that was ended by others costs lines, not the host', async () => {
    const stream = new PassThrough();
    const { destination, balance } = over(stream);
    stream.end();
    destination.write('line\n');
    await tick();
    expect(balance()).toEqual({ written: 0, dropped: 1, pending: 0 });
  });

  test('is not ended by close, which drops what it has not written', () => {
    const stream = new Writable({ write: () => {} });
    const { destination, balance } = over(stream);
    destination.write('one\n');
    destination.close();
    destination.write('two\n');
    expect(balance()).toEqual({ written: 0, dropped: 2, pending: 0 });
    expect(stream.writableEnded).toBe(false);
  });
});

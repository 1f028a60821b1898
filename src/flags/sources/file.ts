import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { after } from '../../core/after.js';
import { type Clock, systemClock } from '../../core/clock.js';
import { messageOf } from '../../core/diagnostics.js';
import type { Source, SourceSink } from '../source.js';
import { MAX_BODY_BYTES, TOO_LARGE, textOf } from './body.js';

/** One save is several events, and the first comes while it is being written. */
const SETTLE_MS = 20;
/** For where no events come: network file systems, a folder that was replaced, a system out of watches. */
const LOOK_MS = 1000;

export interface FileSourceOptions {
  readonly clock?: Clock | undefined;
}

/**
 * A document in a file. The folder is watched, not the file: an editor, a deployment or a ConfigMap replaces it, and a
 * watch on what was replaced sees nothing more. A file that is not there yet is waited for; one that goes away changes nothing.
 */
export function file(path: string, options: FileSourceOptions = {}): Source {
  return new WatchedFile(path, options.clock ?? systemClock);
}

class WatchedFile implements Source {
  readonly name: string;
  readonly #path: string;
  readonly #clock: Clock;
  #sink: SourceSink | undefined;
  #watcher: FSWatcher | undefined;
  #cancelLook: () => void = () => {};
  #cancelRead: (() => void) | undefined;
  #reading = false;
  #again = false;
  /** Of what was read last: file, size and time of change. */
  #seen = '';
  #applied = false;
  /** What was last said to be wrong: it is looked at every second, and said once. */
  #failure = '';

  constructor(path: string, clock: Clock) {
    this.name = `file ${path}`;
    this.#path = path;
    this.#clock = clock;
  }

  start(sink: SourceSink): void {
    this.stop();
    this.#sink = sink;
    this.#seen = '';
    this.#applied = false;
    this.#failure = '';
    this.#watch();
    this.#cancelLook = this.#clock.every(LOOK_MS, () => void this.#look('timer'));
    void this.#look('start');
  }

  stop(): void {
    this.#sink = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#cancelLook();
    this.#cancelRead?.();
    this.#cancelRead = undefined;
  }

  #watch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    try {
      const watcher = watch(dirname(this.#path), { persistent: false }, (_event, name) => this.#stirred(name));
      watcher.on('error', () => watcher.close());
      watcher.on('close', () => {
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      // No such folder, or no watches left: it is looked at once a second, and the watch is tried again.
    }
  }

  /** Anything in the folder may be it: a ConfigMap swaps a link beside the file, and some systems give no name. */
  #stirred(name: string | null): void {
    if (name === basename(this.#path)) this.#seen = ''; // written twice within one tick of its time stamp, at equal size
    this.#cancelRead ??= after(this.#clock, SETTLE_MS, () => {
      this.#cancelRead = undefined;
      void this.#look('event');
    });
  }

  /** Never rejects, and one at a time: a disk that does not answer shall not collect threads. */
  async #look(why: 'start' | 'event' | 'timer'): Promise<void> {
    if (this.#reading) {
      this.#again ||= why !== 'timer';
      return;
    }
    const sink = this.#sink;
    this.#reading = true;
    try {
      const state = await stat(this.#path, { bigint: true });
      const now = `${state.dev}:${state.ino}:${state.size}:${state.mtimeNs}:${state.ctimeNs}`;
      if (this.#watcher === undefined || (why === 'timer' && now !== this.#seen)) this.#rewatch(sink);
      if (now !== this.#seen) {
        this.#seen = now;
        this.#offer(await textIn(this.#path), sink);
      } else if (this.#applied && sink === this.#sink) sink?.alive();
    } catch (cause) {
      this.#fail(cause, sink);
    } finally {
      this.#reading = false;
    }
    if (this.#again) {
      this.#again = false;
      await this.#look('event');
    }
  }

  /** The watch has missed a change, or there is none. */
  #rewatch(sink: SourceSink | undefined): void {
    if (sink !== undefined && sink === this.#sink) this.#watch();
  }

  #offer(text: string, sink: SourceSink | undefined): void {
    if (sink === undefined || sink !== this.#sink) return;
    this.#failure = '';
    this.#applied = sink.document(text);
  }

  #fail(cause: unknown, sink: SourceSink | undefined): void {
    if (sink === undefined || sink !== this.#sink) return;
    const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    const reason = missing ? 'there is no such file; it is waited for' : messageOf(cause);
    this.#seen = '';
    this.#applied = false;
    if (reason !== this.#failure) sink.failed(reason, cause);
    this.#failure = reason;
  }
}

/** At most the bound, whatever the size says: it may grow meanwhile, or be a device without an end. */
async function textIn(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('not a regular file');
  const handle = await open(path, 'r');
  try {
    const text = textOf(await bytesIn(handle));
    if (text === undefined) throw new Error('it is not UTF-8');
    return text;
  } finally {
    await handle.close();
  }
}

async function bytesIn(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size > MAX_BODY_BYTES) throw new Error(TOO_LARGE);
  const bytes = Buffer.alloc(size + 1); // one more shows that it has grown
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
  }
  throw new Error('it grew while it was read; it will be read again');
}

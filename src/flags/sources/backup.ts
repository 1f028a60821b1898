import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, systemClock } from '../../core/clock.js';
import { type Diagnostics, diagnostics, messageOf } from '../../core/diagnostics.js';
import { MAX_BODY_BYTES, textOf } from './body.js';

/** What a backup says of its document. */
export interface BackupNote {
  /** Name of the source that it came from. */
  readonly source: string;
  readonly etag?: string | undefined;
}

export interface Saved extends BackupNote {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly fetchedAtMs: number;
}

interface Head extends BackupNote {
  readonly fourlights: 'flags-backup';
  readonly sha256: string;
  readonly fetchedAt: string;
}

const HEAD_BYTES = 16 * 1024;

interface BackupOptions {
  readonly clock?: Clock | undefined;
  readonly diagnostics?: Pick<Diagnostics, 'warn' | 'drop'> | undefined;
}

/**
 * The last good document on disk, for a start during an outage. One file: a line about the document, then the document.
 * It is replaced as a whole, so a crash leaves the old one or the new one; what does not match its SHA-256 is not used.
 *
 * Never throws and never rejects: what fails is counted under `flags.backup` and told.
 */
export class Backup {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #diagnostics: Pick<Diagnostics, 'warn' | 'drop'>;
  #next: { text: string; note: () => BackupNote } | undefined;
  #writing: Promise<void> | undefined;
  #files = 0;

  constructor(path: string, options: BackupOptions = {}) {
    this.#path = path;
    this.#clock = options.clock ?? systemClock;
    this.#diagnostics = options.diagnostics ?? diagnostics;
  }

  /** Synchronous, as it is read once, at the start, before the first flag is asked for. `undefined`: there is none to use. */
  load(): Saved | undefined {
    try {
      return savedIn(contentOf(this.#path));
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      this.#failed('not read', cause);
      return undefined;
    }
  }

  /** Writes soon, one at a time, and of several documents the last. `note` is asked when it is written. */
  save(text: string, note: () => BackupNote): void {
    this.#next = { text, note };
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all that was saved is on disk, or has failed. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    await new Promise(setImmediate); // the source has its ETag by then
    while (this.#next !== undefined) {
      const { text, note } = this.#next;
      this.#next = undefined;
      try {
        await this.#replace(headOf(text, note(), this.#clock.now()), text);
      } catch (cause) {
        this.#failed('not written', cause);
      }
    }
  }

  async #replace(head: string, text: string): Promise<void> {
    const folder = dirname(this.#path);
    const temporary = join(folder, `.${basename(this.#path)}.${process.pid}.${this.#files++}.tmp`);
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(`${head}\n${text}`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      throw cause;
    }
    await synced(folder);
  }

  #failed(reason: 'not read' | 'not written', cause: unknown): void {
    this.#diagnostics.drop('flags.backup', reason);
    const effect =
      reason === 'not read' ? 'starting without it' : 'a start during an outage would not have these flags';
    this.#diagnostics.warn(
      `flags.backup ${reason}`,
      `the backup of flags ${this.#path} was ${reason}: ${messageOf(cause)}; ${effect}`,
      cause,
    );
  }
}

function headOf(text: string, { source, etag }: BackupNote, nowMs: number): string {
  const head: Head = {
    fourlights: 'flags-backup',
    sha256: sha256(text),
    fetchedAt: new Date(nowMs).toISOString(),
    source,
    etag,
  };
  return JSON.stringify(head);
}

/** Throws for what is no backup, or is not the one that was written. */
function savedIn(content: string): Saved {
  const end = content.indexOf('\n');
  if (end === -1) throw new Error(content === '' ? 'it is empty' : 'it is no backup of flags');
  const head: unknown = JSON.parse(content.slice(0, end));
  if (!isHead(head)) throw new Error('it is no backup of flags');
  const text = content.slice(end + 1);
  if (sha256(text) !== head.sha256) throw new Error('its document does not match its SHA-256');
  return { text, source: head.source, etag: head.etag, fetchedAtMs: Date.parse(head.fetchedAt) };
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const { fourlights, sha256, fetchedAt, source, etag } = value as Partial<Record<keyof Head, unknown>>;
  const isTag = etag === undefined || typeof etag === 'string';
  const isTime = typeof fetchedAt === 'string' && !Number.isNaN(Date.parse(fetchedAt));
  return fourlights === 'flags-backup' && typeof sha256 === 'string' && isTime && typeof source === 'string' && isTag;
}

function contentOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const state = fstatSync(file);
    if (!state.isFile()) throw new Error('it is not a regular file');
    if (state.size > MAX_BODY_BYTES + HEAD_BYTES) throw new Error('it is larger than any backup');
    const bytes = Buffer.alloc(state.size);
    const text = textOf(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)));
    if (text === undefined) throw new Error('it is not UTF-8');
    return text;
  } finally {
    closeSync(file);
  }
}

/** A rename is on disk when its folder is. Not every system lets a folder be opened. */
async function synced(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The document itself is on disk, under one of the two names.
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

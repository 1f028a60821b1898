import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { isMainThread } from 'node:worker_threads';

/** One open descriptor. Writing to it does not wait, save where the system offers no way to ask for that. */
export interface Sink {
  /** Hands over what starts at `offset` and returns the bytes taken. Throws the system's error: EAGAIN when it takes none now. */
  write(bytes: Buffer, offset: number): number;
  /** Closes what was opened here; a descriptor that was given stays open. */
  close(): void;
}

const NEWLINE = 10;
/** Up to here the kernel takes a write to a pipe as one or not at all, so processes that share a pipe share no line. */
const PIPE_BUF = 4096;
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
const NOT_WAITING = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0); // neither exists on Windows

/** Throws when the path cannot be opened or the descriptor is none. */
export function openSink(to: number | string): Sink {
  const target = to === '/dev/stdout' ? 1 : to === '/dev/stderr' ? 2 : to; // as paths, neither opens when it is a socket
  if (typeof target === 'number') return given(target);
  const fd = openSync(target, APPENDING | NOT_WAITING, 0o644);
  return fstatSync(fd).isFile() ? whole(fd, true) : inPieces(fd, true);
}

/**
 * A pipe or terminal is opened a second time, so that not waiting is our own affair: the first description is shared
 * with the shell and every sibling. Without `/proc` or the permission, a pipe is treated like a socket, whose one
 * description libuv sets to non-blocking as it does for `console.log`, and a terminal is written to as it is.
 */
function given(fd: number): Sink {
  const kind = fstatSync(fd);
  const terminal = isatty(fd);
  if (kind.isFIFO() || terminal) {
    try {
      return inPieces(openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | NOT_WAITING), true);
    } catch {
      if (terminal) return inPieces(fd, false);
    }
  }
  if (!kind.isFIFO() && !kind.isSocket()) return whole(fd, false);
  if (isMainThread) stopWaiting(fd);
  return inPieces(fd, false);
}

/** In the main thread only: the handle made here closes the descriptor when its thread ends. */
function stopWaiting(fd: number): void {
  if (fd === 1) process.stdout;
  else if (fd === 2) process.stderr;
  else new Socket({ fd, readable: false, writable: true }).unref();
}

function whole(fd: number, own: boolean): Sink {
  return {
    write: (bytes, offset) => writeSync(fd, bytes, offset, bytes.length - offset),
    close: () => own && closeSync(fd),
  };
}

function inPieces(fd: number, own: boolean): Sink {
  return {
    write: (bytes, offset) => writeSync(fd, bytes, offset, pieceEnd(bytes, offset) - offset),
    close: () => own && closeSync(fd),
  };
}

/** Whole lines up to PIPE_BUF, or the one line that is longer. */
function pieceEnd(bytes: Buffer, offset: number): number {
  if (bytes.length - offset <= PIPE_BUF) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, offset + PIPE_BUF - 1);
  if (last >= offset) return last + 1;
  const next = bytes.indexOf(NEWLINE, offset + PIPE_BUF);
  return next === -1 ? bytes.length : next + 1;
}

import { constants, fstatSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import { openSink, type Sink } from './sink.js';

/** What lines are written to: a descriptor wherever there is one, as only a descriptor can be flushed when the process ends. */
export function openTarget(to: number | string | Writable): Sink | Writable {
  const place = typeof to === 'object' ? (descriptorOf(to) ?? to) : to;
  return typeof place === 'object' ? place : (viaMainThread(place) ?? openSink(place));
}

export function isStream(target: Sink | Writable): target is Writable {
  return 'on' in target;
}

/** `process.stdout` on a pipe loses what it holds when the process exits. Where somebody has patched its `write`, it is used as it is. */
function descriptorOf(stream: Writable): number | undefined {
  if (!isMainThread || !('fd' in stream) || Object.hasOwn(stream, 'write')) return undefined;
  if (stream.fd === 1 && stream === process.stdout) return 1;
  return stream.fd === 2 && stream === process.stderr ? 2 : undefined;
}

/**
 * The stream to use for what cannot be written to without waiting: in a worker, a socket that the main thread has not made
 * non-blocking (it has, unless the worker was made with `stdout: true`). Doing so from here would close it with the worker.
 */
function viaMainThread(to: number | string): Writable | undefined {
  if (isMainThread || (to !== 1 && to !== 2) || !fstatSync(to).isSocket() || !waits(to)) return undefined;
  return to === 2 ? process.stderr : process.stdout;
}

function waits(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '';
    return (Number.parseInt(flags, 8) & constants.O_NONBLOCK) === 0;
  } catch {
    return true;
  }
}

import type { Writable } from 'node:stream';
import { plainLine } from './plain.js';
import type { Sink } from './sink.js';
import { isStream, openTarget } from './target.js';

let target: Sink | Writable | undefined;

/**
 * Says what the log cannot say: that it is broken, or not there yet. Never waits and never throws: `process.stderr` would
 * block on a stopped terminal and kill the host where stderr is the closed pipe (`node app.js 2>&1 | head`).
 */
export function tellOnStderr(text: string): void {
  const line = `fourlights: ${plainLine(text)}\n`;
  try {
    target ??= openTarget(2);
    if (isStream(target)) target.write(line);
    else target.write(Buffer.from(line), 0);
  } catch {
    // Nobody is left to tell. The count stands.
  }
}

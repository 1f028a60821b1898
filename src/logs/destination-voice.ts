import { openSink, type Sink, viaMainThread } from './destination-sink.js';

let sink: Sink | undefined;

/**
 * Says on stderr that the log is broken, which the log itself cannot say. Never waits and never throws: `process.stderr`
 * would block on a stopped terminal and kill the host where stderr is the closed pipe (`node app.js 2>&1 | head`).
 */
export function tellOnStderr(text: string): void {
  try {
    const line = `fourlights: ${text}\n`;
    const through = viaMainThread(2);
    if (through !== undefined) {
      through.write(line);
      return;
    }
    sink ??= openSink(2);
    sink.write(Buffer.from(line), 0);
  } catch {
    // Nobody is left to tell. The count stands.
  }
}

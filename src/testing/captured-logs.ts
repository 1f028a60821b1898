import { Writable } from 'node:stream';

/** A destination that keeps what is logged: `observe({ log: { destination: capturedLogs() } })`. */
export interface CapturedLogs extends Writable {
  /** All lines so far, parsed. */
  lines(): Record<string, unknown>[];
  /** The lines of that event: `logs.of('http_request')`. */
  of(event: string): Record<string, unknown>[];
  reset(): void;
}

/** For tests: `observe({ log: { destination: capturedLogs() } })`. */
export function capturedLogs(): CapturedLogs {
  const texts: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      texts.push(String(chunk));
      done();
    },
  });
  const lines = (): Record<string, unknown>[] =>
    texts
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return Object.assign(stream, {
    lines,
    of: (event: string) => lines().filter((line) => line['event'] === event),
    reset: () => void texts.splice(0),
  });
}

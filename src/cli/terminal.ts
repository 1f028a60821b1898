import { writeFileSync } from 'node:fs';
import { Failure } from './failure.js';

/** Where a command's words go: results to `out`, what went wrong to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Once all of it has been taken, or its reader has gone. */
  flushed(): Promise<void>;
}

/** `fourlights dashboard | head` is no error: a reader that has seen enough ends the output in silence. */
export function standardStreams({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Terminal {
  const pending = new Set<Promise<void>>();
  const writer = (stream: NodeJS.WriteStream): ((text: string) => void) => {
    let gone = false;
    stream.on('error', () => {
      gone = true;
    });
    return (text) => {
      if (gone) return;
      const written = new Promise<void>((resolve) => stream.write(text, () => resolve()));
      pending.add(written);
      void written.then(() => pending.delete(written));
    };
  };
  return {
    out: writer(stdout),
    err: writer(stderr),
    flushed: async () => void (await Promise.all(pending)),
  };
}

/** To the file, or to standard output where there is none. */
export function deliver(terminal: Terminal, text: string, file: string | undefined): void {
  if (file === undefined) {
    terminal.out(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new Failure('output', `${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

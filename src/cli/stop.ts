import process from 'node:process';

const CTRL_C = '\u0003';

export interface Stop {
  /** Aborted once whoever watches has had enough: q or Ctrl-C on a terminal, SIGINT, SIGTERM, or what is read along has gone. */
  readonly signal: AbortSignal;
  abort(): void;
  /** Gives the terminal and the signals back. */
  release(): void;
}

/** What ends a command that goes on by itself. */
export function stopOf({ stdin, stdout } = process): Stop {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const typed = (keys: Buffer): void => {
    const text = keys.toString('latin1');
    if (text.includes('q') || text.includes(CTRL_C)) stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  stdout.on('error', stop);
  const keyboard = stdin.isTTY === true;
  if (keyboard) stdin.setRawMode(true).on('data', typed);
  return {
    signal: stopping.signal,
    abort: stop,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      if (keyboard) stdin.setRawMode(false).off('data', typed).pause();
    },
  };
}

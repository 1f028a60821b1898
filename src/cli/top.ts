import { messageOf } from '../core/diagnostics.js';
import { look, type Watched } from './look.js';
import { type Paper, topScreen } from './top-screen.js';

export interface TopOptions extends Watched {
  /** The snapshot as the service gives it, once. */
  readonly json: boolean;
  /** `undefined`: no terminal, so one look and no more. */
  readonly paper: (() => Paper) | undefined;
  readonly everyMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Stands above each look. */
  readonly title?: string | undefined;
}

/** Where the words go; a command's `Terminal` is one. */
export interface TopOutput {
  out(text: string): void;
}

const PLAIN: Paper = { columns: 160, rows: 60, coloured: false };
/** To the upper left, and nothing below what is written. */
const AFRESH = '\u001b[H';
const REST = '\u001b[J';

/** Watches a running service: its four lights, alerts and routes. Throws a `TopFailure` where the first look fails; later ones are told on the screen. */
export async function top(options: TopOptions, output: TopOutput): Promise<void> {
  const { json, paper, everyMs, signal, title } = options;
  const first = await look(options, signal);
  if (json) return output.out(`${JSON.stringify(first)}\n`);
  if (paper === undefined) return output.out(topScreen(first, PLAIN));
  let shown = first;
  const head = title === undefined ? '' : `${title}\n`;
  output.out(`\u001b[2J${AFRESH}${head}${topScreen(shown, paper())}${REST}`);
  while (!signal.aborted) {
    await pause(everyMs, signal);
    let problem = '';
    try {
      shown = await look(options, signal);
    } catch (cause) {
      problem = `\n${messageOf(cause)}\n`;
    }
    if (signal.aborted) return; // the look was cut short
    const screen = `${head}${topScreen(shown, paper())}`;
    output.out(`${AFRESH}${screen.replaceAll('\n', '\u001b[K\n')}${problem}${REST}`);
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

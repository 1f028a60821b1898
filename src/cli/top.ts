import type { Snapshot } from '../admin/api/snapshot.js';
import { messageOf } from '../core/diagnostics.js';
import { plain } from '../core/plain.js';
import { type Paper, topScreen } from './top-screen.js';

export interface TopOptions {
  /** Of the admin port: `http://127.0.0.1:9464`. */
  readonly url: string;
  readonly token: string | undefined;
  /** The snapshot as the service gives it, once. */
  readonly json: boolean;
  /** `undefined`: no terminal, so one look and no more. */
  readonly paper: (() => Paper) | undefined;
  readonly everyMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Where the words go; a command's `Terminal` is one. */
export interface TopOutput {
  out(text: string): void;
}

const WAIT_MS = 5000;
const PLAIN: Paper = { columns: 160, rows: 60, coloured: false };
/** To the upper left, and nothing below what is written. */
const AFRESH = '\u001b[H';
const REST = '\u001b[J';

/** The service does not answer, or not to us: what was asked, and what to do. */
export class TopFailure extends Error {
  override readonly name = 'TopFailure';
}

/** Watches a running service: its four lights, alerts and routes. Throws a `TopFailure` where the first look fails; later ones are told on the screen. */
export async function top(options: TopOptions, output: TopOutput): Promise<void> {
  const { json, paper, everyMs, signal } = options;
  const first = await look(options);
  if (json) return output.out(`${JSON.stringify(first)}\n`);
  if (paper === undefined) return output.out(screen(first, PLAIN));
  let shown = first;
  output.out(`\u001b[2J${AFRESH}${screen(shown, paper())}${REST}`);
  while (!signal.aborted) {
    await pause(everyMs, signal);
    if (signal.aborted) return;
    let problem = '';
    try {
      const next = await look(options);
      screen(next, paper());
      shown = next;
    } catch (cause) {
      problem = `\n${plain(messageOf(cause))}\n`;
    }
    output.out(`${AFRESH}${screen(shown, paper()).replaceAll('\n', '\u001b[K\n')}${problem}${REST}`);
  }
}

/** Throws a `TopFailure` for a snapshot that holds something else than it should. */
function screen(snapshot: Snapshot, paper: Paper): string {
  try {
    return topScreen(snapshot, paper);
  } catch (cause) {
    throw new TopFailure('what answered is no snapshot that this version can read', { cause });
  }
}

async function look({ url, token, signal }: TopOptions): Promise<Snapshot> {
  const address = new URL('api/snapshot', url.endsWith('/') ? url : `${url}/`);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(address, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]) });
  } catch (cause) {
    throw new TopFailure(
      `nothing answers at ${address.origin}: is the service running with observe({ admin: { port } })?`,
      { cause },
    );
  }
  if (response.status === 401)
    throw new TopFailure(`${address.origin} wants its token: give --token or FOURLIGHTS_ADMIN_TOKEN`);
  if (!response.ok)
    throw new TopFailure(`${address.origin} answered ${response.status}: is it the admin port of a service?`);
  try {
    const body: unknown = await response.json();
    if (isSnapshot(body)) return body;
  } catch (cause) {
    throw new TopFailure(`${address.origin} answered with what is no JSON`, { cause });
  }
  throw new TopFailure(`${address.origin} answered with what is no snapshot: is it the admin port of a service?`);
}

function isSnapshot(body: unknown): body is Snapshot {
  return (
    typeof body === 'object' && body !== null && 'lights' in body && Array.isArray(body.lights) && 'routes' in body
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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

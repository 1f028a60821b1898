import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killAll, startLoad, startSink } from './child.mjs';

/** The repository that the bench stands in. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @typedef {object} Bench What every room works with.
 * @property {string} node path of the Node under test
 * @property {string} library folder of the built library under test
 * @property {string} folder temporary
 * @property {string} otlp address of the sink
 * @property {{ ask: Function }} load
 * @property {{ ask: Function }} sink
 * @property {boolean} quick
 * @property {(text: string) => void} say
 */

/** The bench, with `close()`; whatever happens, nothing stays behind. */
export async function openBench({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-bench-'));
  process.once('exit', () => {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const load = startLoad();
  const sink = startSink();
  return {
    ...{ node: process.execPath, library: root, folder, load, sink, quick },
    otlp: await sink.ask('listen'),
    say: (text) => process.stderr.write(`${text}\n`),
    close: () => Promise.all([load.end(), sink.end()]),
  };
}

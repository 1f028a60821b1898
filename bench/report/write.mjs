// docs/performance.md out of the figures of a run: `npm run document` writes it again when the words have changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../harness/bench.mjs';
import { document } from './document.mjs';

export const LAST_RUN = fileURLToPath(new URL('../last-run.json', import.meta.url));

/** @param {string} figures file that a run has written */
export function writeDocument(figures) {
  writeFileSync(join(root, 'docs/performance.md'), document(JSON.parse(readFileSync(figures, 'utf8'))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeDocument(process.argv[2] ?? LAST_RUN);

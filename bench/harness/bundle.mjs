import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Parts of the library that have no public names, from its source.
 * @param {string[]} exports such as `{ Exposition } from './src/metrics/exposition.ts'`
 * @param {string} root the repository they come from
 */
export async function bundled(exports, root) {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-parts-'));
  try {
    const outfile = join(folder, 'parts.mjs');
    const contents = exports.map((names) => `export ${names};`).join('\n');
    // What is CommonJS inside asks for `require`, which a module has to make.
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    const stdin = { contents, resolveDir: root };
    await build({ stdin, outfile, banner, bundle: true, platform: 'node', format: 'esm' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const CLIENT = fileURLToPath(new URL('src/admin/page/client/', import.meta.url));
const ASSETS = /[\\/]src[\\/]admin[\\/]page[\\/]assets\.ts$/;
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** The page's three files, small. */
async function files() {
  const script = await build({
    entryPoints: [`${CLIENT}main.ts`],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  });
  const style = await transform(await readFile(`${CLIENT}page.css`, 'utf8'), { loader: 'css', minify: true });
  return {
    'index.html': (await readFile(`${CLIENT}index.html`, 'utf8')).replace(/\n/g, ''),
    'page.js': script.outputFiles[0].text,
    'page.css': style.code,
  };
}

/** The module that stands for `src/admin/page/assets.ts` in what is built: the files as they will be sent. */
async function assetsModule() {
  const assets = Object.entries(await files()).map(([name, text]) => {
    const gzip = gzipSync(text, { level: 9 }).toString('base64');
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
    return [name, { type: `${TYPES[name.split('.').at(-1)]}; charset=utf-8`, etag, gzip }];
  });
  return `export const assets = ${JSON.stringify(Object.fromEntries(assets))};`;
}

let made;
const once = () => (made ??= assetsModule());

/** For esbuild, and for tsup, which builds with it. */
export const pageForEsbuild = {
  name: 'status page',
  setup({ onLoad }) {
    onLoad({ filter: ASSETS }, async () => ({ contents: await once(), loader: 'js' }));
  },
};

/** For tests on the source. */
export const pageForVite = {
  name: 'status page',
  enforce: 'pre',
  load: (id) => (ASSETS.test(id) ? once() : undefined),
};

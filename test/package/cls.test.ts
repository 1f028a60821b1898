import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, root, run } from './program.js';

/** Both a namespace's answer and ours, from inside a context, with the kind of namespace that was made. */
const TELL = `
  const namespace = createNamespace('app');
  context.run({ correlationId: 'mine' }, () => {
    const answer = { ours: correlationId(), theirs: namespace.get('correlationId'), real: '_contexts' in namespace };
    console.log(JSON.stringify(answer));
  });`;
const RIGHT = { ours: 'mine', theirs: 'mine', real: false };

const PROGRAMS = {
  'CommonJS, the functions taken after it': {
    type: 'commonjs',
    code: `
      const { context, correlationId } = require('fourlights');
      require('fourlights/cls').engine();
      const { createNamespace } = require('cls-hooked'); ${TELL}`,
  },
  'ES modules, the module object passed': {
    type: 'module',
    code: `
      import { context, correlationId } from 'fourlights';
      import { engine } from 'fourlights/cls';
      import cls from 'cls-hooked';
      engine(cls);
      const createNamespace = (name) => cls.createNamespace(name); ${TELL}`,
  },
  'ES modules, the functions imported by name after it': {
    type: 'module',
    code: `
      import { context, correlationId } from 'fourlights';
      import { engine } from 'fourlights/cls';
      engine();
      const { createNamespace } = await import('cls-hooked'); ${TELL}`,
  },
  'CommonJS beside ES modules': {
    type: 'module',
    code: `
      import { createRequire } from 'node:module';
      import { context, correlationId } from 'fourlights';
      import { engine } from 'fourlights/cls';
      const require = createRequire(process.cwd() + '/x.js');
      if (require('fourlights/cls').engine() !== engine()) throw new Error('two engines');
      const { createNamespace } = require('cls-hooked'); ${TELL}`,
  },
} as const;

test.each(Object.entries(PROGRAMS))('the engine runs in %s', async (_name, { type, code }) => {
  const { stdout, stderr } = await run(code, { type });

  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toEqual([RIGHT]);
});

test('a namespace that a hoisted named import makes around the engine is told of and bridged', async () => {
  const { stdout, stderr } = await run(`
    import { context, correlationId } from 'fourlights';
    import { engine } from 'fourlights/cls';
    import { createNamespace } from 'cls-hooked';
    engine(); ${TELL}`);

  expect(stderr).toContain('[cls engine late]');
  expect(jsonLines(stdout)).toEqual([{ ...RIGHT, real: true }]);
});

test('a namespace is bridged once by import and require together', async () => {
  const { stdout } = await run(`
    import { createRequire } from 'node:module';
    import { createNamespace } from 'cls-hooked';
    import { bridge } from 'fourlights/cls';
    const again = createRequire(process.cwd() + '/x.js')('fourlights/cls').bridge;
    const namespace = createNamespace('app');
    console.log(JSON.stringify({ same: bridge(namespace) === again(namespace) }));`);

  expect(jsonLines(stdout)).toEqual([{ same: true }]);
});

test('the import alone loads no cls-hooked and creates no namespace', async () => {
  const { stdout } = await run(`
    import { createRequire } from 'node:module';
    import 'fourlights/cls';
    const { cache } = createRequire(process.cwd() + '/x.js');
    const loaded = Object.keys(cache).filter((path) => path.includes('cls-hooked'));
    console.log(JSON.stringify({ loaded, namespaces: 'namespaces' in process }));`);

  expect(jsonLines(stdout)).toEqual([{ loaded: [], namespaces: false }]);
});

describe('an application of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-cls-'));
  const inFolder = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return `await import(${JSON.stringify(pathToFileURL(path).href)});`;
  };

  beforeAll(() => {
    const copy = join(folder, 'node_modules/fourlights');
    mkdirSync(copy, { recursive: true });
    for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(copy, part), { recursive: true });
    const { dependencies } = createRequire(import.meta.url)(join(root, 'package.json'));
    for (const name of Object.keys(dependencies)) {
      mkdirSync(join(folder, 'node_modules', name, '..'), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['mjs', 'cjs'])(
    'without cls-hooked can import the bridge, and engine() says what to install (%s)',
    async (end) => {
      const load =
        end === 'mjs' ? "import { engine } from 'fourlights/cls';" : "const { engine } = require('fourlights/cls');";
      const { stdout } = await run(
        inFolder(
          `missing.${end}`,
          `${load} try { engine(); } catch (error) { console.log(JSON.stringify({ message: error.message })); }`,
        ),
      );

      expect(jsonLines(stdout)).toEqual([{ message: expect.stringContaining('npm install cls-hooked@4') }]);
    },
  );

  test.each(['esm', 'cjs'] as const)('runs the engine in a bundle (%s)', async (format) => {
    const bundle = await build({
      stdin: {
        contents: `
          import { context, correlationId } from 'fourlights';
          import { engine } from 'fourlights/cls';
          import cls from 'cls-hooked';
          engine(cls);
          const createNamespace = (name) => cls.createNamespace(name); ${TELL}`,
        resolveDir: root,
      },
      bundle: true,
      write: false,
      logLevel: 'silent',
      platform: 'node',
      format,
      ...(format === 'esm' && {
        banner: {
          js: "import { createRequire as required } from 'node:module'; const require = required(process.cwd() + '/x.js');",
        },
      }),
    });
    const name = `app.${format === 'esm' ? 'mjs' : 'cjs'}`;
    const { stdout, stderr } = await run(inFolder(name, bundle.outputFiles[0]?.text ?? ''));

    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toEqual([RIGHT]);
  });
});

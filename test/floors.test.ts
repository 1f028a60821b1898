import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clockOffences, floorOffences, type Source, sharedPackages, styleOffences } from './support/house-rules.js';

const root = join(import.meta.dirname, '..', 'src');
const sources: Source[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));

test('all of src is looked at', () => {
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['index.ts', 'core/clock.ts', 'logs/logger.ts', 'config/rules.ts']));
});

describe('the house', { timeout: 60_000 }, () => {
  test('a file imports from its own folder or from lower floors', () => {
    expect(sources.flatMap(floorOffences)).toEqual([]);
  }, 60_000);

  test('each third-party package enters through one file', () => {
    expect(sharedPackages(sources)).toEqual([]);
  });

  test('the time is asked for in the clock, and nowhere else', () => {
    expect(sources.flatMap(clockOffences)).toEqual([]);
  });

  test('there is no any, no enum and no default export', () => {
    expect(sources.flatMap(styleOffences)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const at = (path: string, text: string): Source => ({ path, text });

  test.each([
    ['an import from above', 'core/a.ts', "import { x } from '../http/b.js';"],
    ['a type alone', 'core/a.ts', "import type { X } from '../http/b.js';"],
    ['a type in place', 'core/a.ts', "let x: import('../http/b.js').X;"],
    ['a type among values', 'core/a.ts', "import { type X } from '../http/b.js';"],
    ['an export from', 'core/a.ts', "export { x } from '../http/b.js';"],
    ['an export of all', 'core/a.ts', "export * from '../http/b.js';"],
    ['an import for its effect', 'core/a.ts', "import '../http/b.js';"],
    ['an import when it is needed', 'core/a.ts', "await import('../http/b.js');"],
    ['a require', 'core/a.ts', "require('../http/b.js');"],
    ['a sibling of the same floor', 'signals/a.ts', "import '../logs/b.js';"],
    ['a file of the top', 'config/a.ts', "import '../observe.js';"],
    ['the doubles', 'observe.ts', "import './testing/index.js';"],
    ['a folder nobody knows', 'http/a.ts', "import '../attic/b.js';"],
    ['being in a folder nobody knows', 'attic/a.ts', ''],
    ['a way out of src', 'core/a.ts', "import '../../test/b.js';"],
    ['an import from above, out of a folder within', 'traces/exporters/a.ts', "import '../../http/b.js';"],
  ])('%s is an offence against the floors', (_name, path, text) => {
    expect(floorOffences(at(path, text))).toHaveLength(1);
  });

  test.each([
    ['its own folder', 'signals/a.ts', "import './b.js';"],
    ['a folder within its own', 'traces/a.ts', "import './exporters/b.js';"],
    ['its own folder, from a folder within', 'traces/exporters/a.ts', "import '../b.js';"],
    ['a lower floor', 'http/a.ts', "import '../core/b.js'; import '../logs/b.js';"],
    ['what it configures', 'config/a.ts', "import '../http/b.js';"],
    ['the top, from the top', 'index.ts', "export * from './observe.js'; import './cli.js'"],
    ['a comment or a text', 'core/a.ts', "// import '../http/b.js'\nconst a = \"import '../http/b.js'\";"],
  ])('%s is none', (_name, path, text) => {
    expect(floorOffences(at(path, text))).toEqual([]);
  });

  test('a package in two files is an offence, by whatever path into it', () => {
    const twice = [at('a.ts', "import 'pkg/x.js';"), at('b.ts', "import type { P } from 'pkg';")];
    const scoped = [
      at('a.ts', "import '@s/one';"),
      at('b.ts', "import '@s/two';"),
      at('c.ts', "import 'node:fs';"),
      at('d.ts', "import 'node:fs';"),
    ];
    expect(sharedPackages(twice)).toEqual(['pkg: a.ts, b.ts']);
    expect(sharedPackages([at('a.ts', "load('pkg')"), at('b.ts', "await import('pkg')")])).toHaveLength(1);
    expect(sharedPackages([...scoped, at('e.ts', "import './pkg'; import './pkg'")])).toEqual([]);
    expect(sharedPackages([...scoped, at('e.ts', "import '@s/one/deep';")])).toEqual(['@s/one: a.ts, e.ts']);
  });

  test.each([
    'Date.now()',
    'performance.now()',
    'new Date()',
    'new Date',
    'Date()',
    'process.hrtime.bigint()',
    'globalThis.performance.now()',
  ])('%s is an offence against the clock', (text) => {
    expect(clockOffences(at('http/a.ts', `const t = ${text};`))).toHaveLength(1);
  });

  test('a date that is given, and the time in the clock itself, are none', () => {
    expect(clockOffences(at('http/a.ts', 'new Date(ms); Date.parse(a); clock.now(); // Date.now()'))).toEqual([]);
    expect(clockOffences(at('core/clock.ts', 'Date.now(); performance.now();'))).toEqual([]);
    expect(clockOffences(at('core/diagnostics.ts', 'performance.now(); Date.now();'))).toEqual([
      'core/diagnostics.ts: Date.now()',
    ]);
  });

  test.each([
    'let a: any;',
    'b as any;',
    'let a: Map<string, any>;',
    'enum E {}',
    'const enum E {}',
    'export default 1;',
    'export default class {}',
    'export { a as default };',
  ])('%s is an offence against the style', (text) => {
    expect(styleOffences(at('a.ts', text))).toHaveLength(1);
  });

  test('any in a text, a comment or a name, and the default of a switch, are none', () => {
    expect(
      styleOffences(
        at('a.ts', "// any enum\nconst [any] = ['export default']; switch (any) { default: any.default; }"),
      ),
    ).toEqual([]);
  });
});

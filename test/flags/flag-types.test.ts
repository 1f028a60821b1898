import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const PROGRAM = join(root, 'test', 'flags', 'virtual.ts');

/** What TypeScript says of a program that declares its flags: the lines that it refuses. */
function refused(lines: readonly string[]): string[] {
  const text = [
    "import { FlagClient } from '../../src/flags/client.js';",
    "declare module '../../src/flags/flag-types.js' { interface FlagTypes { new_checkout: boolean; price_test: 'a' | 'b'; limit: number; layout: { columns: number } } }",
    'const flags = new FlagClient();',
    ...lines,
  ].join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    exactOptionalPropertyTypes: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === PROGRAM || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === PROGRAM ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
  const program = ts.createProgram([PROGRAM], options, host);
  const source = program.getSourceFile(PROGRAM);
  const faults = program
    .getSemanticDiagnostics(source)
    .map(({ start = 0 }) => source?.getLineAndCharacterOfPosition(start).line ?? 0);
  return [...new Set(faults)].map((line) => text.split('\n')[line] ?? '');
}

test('declared flags are known by name, kind and value; others do not compile', () => {
  const right = [
    "const a: boolean = flags.boolean('new_checkout', false);",
    "const b: 'a' | 'b' = flags.string('price_test', 'a');",
    "const c: number = flags.number('limit', 3, { targetingKey: 'u' });",
    "const d: { columns: number } = flags.object('layout', { columns: 1 });",
    "const e: boolean = flags.handle('new_checkout', false).on();",
    "flags.kill('limit', 'x'); flags.onChange('limit', ({ key }) => key);",
    'export { a, b, c, d, e };',
  ];
  const wrong = [
    "flags.boolean('new_chekout', false);",
    "flags.boolean('limit', false);",
    "flags.string('price_test', 'c');",
    "flags.number('new_checkout', 1);",
    "flags.kill('nope', 'x');",
  ];
  expect(refused([...right, ...wrong])).toEqual(wrong);
}, 60_000);

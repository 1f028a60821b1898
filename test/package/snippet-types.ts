import { join } from 'node:path';
import ts from 'typescript';
import { root, type Snippet } from '../docs/documents.js';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noImplicitAny: false, // several frameworks bring no types
  useUnknownInCatchVariables: false,
  experimentalDecorators: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Packages that are not installed for one page's sake, as far as it uses them. */
const STAND_INS = `
declare module 'next' {
  import type { RequestListener } from 'node:http';
  export default function next(options: { dev: boolean }): { prepare(): Promise<void>; getRequestHandler(): RequestListener };
}`;

/** What the compiler says of snippets against the built types: one program for all of them, each a file of its own beside its document. */
export function typeErrors(snippets: readonly Snippet[]): ReadonlyMap<Snippet, readonly string[]> {
  const files = new Map(
    snippets.map(
      (snippet) => [join(root, `${snippet.document}.${snippet.line}.m${snippet.language}`), snippet] as const,
    ),
  );
  const standIns = join(root, 'stand-ins.d.ts');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const codeOf = (path: string): string | undefined => {
    if (path === standIns) return STAND_INS;
    const snippet = files.get(path);
    return snippet && `${snippet.code}\nexport {};\n`;
  };
  host.fileExists = (path) => codeOf(path) !== undefined || fileExists(path);
  host.readFile = (path) => codeOf(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const code = codeOf(path);
    return code === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, code, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([standIns, ...files.keys()], options, host);
  return new Map(
    [...files].map(([path, snippet]) => {
      const source = program.getSourceFile(path);
      return [snippet, ts.getPreEmitDiagnostics(program, source).map((each) => said(each, snippet))] as const;
    }),
  );
}

function said({ file, start, messageText }: ts.Diagnostic, { document, line }: Snippet): string {
  const within = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
  return `${document}:${line + 1 + within}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

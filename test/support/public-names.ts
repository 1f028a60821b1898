import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PublicName {
  /** As it is imported: `fourlights/koa`. */
  readonly entry: string;
  readonly name: string;
  /** There is nothing of it when the program runs. */
  readonly isType: boolean;
  readonly docstring: string;
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly import: { readonly types: string } }>>;
}

/** Import name and declaration file of each entry of the built package. */
export function entries(): [name: string, declarations: string][] {
  const { name, exports }: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([path, to]) =>
    typeof to === 'string' ? [] : [[path.replace('.', name), join(root, to.import.types)]],
  );
}

/** All that the built package exports, as its declaration files have it. */
export function publicNames(): PublicName[] {
  const files = entries();
  const program = ts.createProgram(
    files.map(([, file]) => file),
    { module: ts.ModuleKind.NodeNext, types: ['node'], skipLibCheck: true, noEmit: true },
  );
  const checker = program.getTypeChecker();
  return files.flatMap(([entry, file]) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) return [];
    return checker.getExportsOfModule(module).map((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return {
        entry,
        name: symbol.name,
        isType: (real.flags & ts.SymbolFlags.Value) === 0,
        docstring: ts.displayPartsToString(real.getDocumentationComment(checker)),
      };
    });
  });
}

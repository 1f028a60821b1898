import { posix } from 'node:path';
import ts from 'typescript';

/** One file under src/: its path from there, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A folder imports from itself and from lower floors. The files right under src/ are the folder `.`. */
const FLOORS: Readonly<Record<string, number>> = {
  core: 0,
  context: 1,
  signals: 2,
  saturation: 2,
  logs: 2,
  traces: 2,
  flags: 2,
  http: 3,
  metrics: 3,
  alerts: 3,
  rollouts: 3,
  lifecycle: 3,
  verdict: 3.5, // judges releases by the evidence of rollouts
  adapters: 4,
  admin: 4,
  config: 4.5, // names the tables and the types of what it configures
  parts: 4.8, // each opens one room for observe()
  '.': 5, // observe, register, index
  cli: 6,
  testing: 7, // anything may be doubled
};

/** Who may ask the system for the time. All others are handed a `Clock`. */
const CLOCKS: Readonly<Record<string, readonly string[]>> = {
  'core/clock.ts': ['Date.now()', 'performance.now()'],
  'core/diagnostics.ts': ['performance.now()'], // the lowest file of all, and it times only its own talking
};

/** Every module that a file names: by import, also of types alone, by export from, by import(), require() and load(). */
function importsOf(source: Source): string[] {
  const named = ts.preProcessFile(source.text, true, true).importedFiles.map(({ fileName }) => fileName);
  const loaded = found(source, (node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== 'load') return undefined;
    const [name] = node.arguments;
    return name !== undefined && ts.isStringLiteral(name) ? name.text : undefined;
  });
  return [...named, ...loaded];
}

const folderOf = (path: string): string => path.split('/').slice(0, -1)[0] ?? '.';

export function floorOffences(source: Source): string[] {
  const own = folderOf(source.path);
  const floor = FLOORS[own];
  if (floor === undefined) return [`${source.path} is in a folder that has no floor`];
  return importsOf(source)
    .filter((name) => name.startsWith('.'))
    .flatMap((name) => {
      const folder = folderOf(posix.join(posix.dirname(source.path), name));
      const other = FLOORS[folder];
      if (other === undefined) return [`${source.path} imports ${name}, from a folder that has no floor`];
      return folder === own || other < floor
        ? []
        : [`${source.path} (floor ${floor}) imports ${name} (floor ${other})`];
    });
}

/** Third-party packages that more than one file imports. */
export function sharedPackages(sources: readonly Source[]): string[] {
  const importers = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const name of importsOf(source)) {
      if (name.startsWith('.') || name.startsWith('node:')) continue;
      const [scope = '', rest = ''] = name.split('/');
      const pack = scope.startsWith('@') ? `${scope}/${rest}` : scope;
      importers.set(pack, (importers.get(pack) ?? new Set()).add(source.path));
    }
  }
  return [...importers]
    .filter(([, paths]) => paths.size > 1)
    .map(([pack, paths]) => `${pack}: ${[...paths].join(', ')}`);
}

/** Ways of asking the system for the time that this file may not use. */
export function clockOffences(source: Source): string[] {
  const allowed = CLOCKS[source.path] ?? [];
  return found(source, (node) => {
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText();
      return /(^|\.)(Date|Date\.now|performance\.now|process\.hrtime|process\.hrtime\.bigint)$/.test(called)
        ? `${called}()`
        : undefined;
    }
    const isNow =
      ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
    return isNow ? 'new Date()' : undefined;
  }).flatMap((use) => (allowed.includes(use) ? [] : [`${source.path}: ${use}`]));
}

/** What the language has and this house has not. */
export function styleOffences(source: Source): string[] {
  return found(source, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
    if (ts.isEnumDeclaration(node)) return 'enum';
    if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) {
      return ts.isDefaultClause(node.parent) ? undefined : 'export default';
    }
    const names = ts.isNamedExports(node) ? node.elements.map((element) => element.name.text) : [];
    return names.includes('default') ? 'export default' : undefined;
  }).map((what) => `${source.path}: ${what}`);
}

const trees = new WeakMap<Source, ts.SourceFile>();

function treeOf(source: Source): ts.SourceFile {
  const known = trees.get(source);
  if (known !== undefined) return known;
  const made = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2022, true);
  trees.set(source, made);
  return made;
}

function found(source: Source, look: (node: ts.Node) => string | undefined): string[] {
  const all: string[] = [];
  const visit = (node: ts.Node): void => {
    const what = look(node);
    if (what !== undefined) all.push(what);
    ts.forEachChild(node, visit);
  };
  visit(treeOf(source));
  return all;
}

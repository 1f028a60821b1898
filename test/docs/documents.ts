import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** A block between fences. `words`: what stands after the language. */
export interface Snippet {
  readonly document: string;
  readonly line: number;
  readonly language: string;
  readonly words: readonly string[];
  readonly code: string;
}

const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** Every document that a reader of the repository meets, by its path from the root. */
export const documents: readonly string[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md'],
  ...under('docs'),
  ...under('examples'),
].filter((path) => existsSync(join(root, path)));

export const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

export function snippetsOf(document: string): Snippet[] {
  const text = textOf(document);
  return [...text.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    words: (match[2] ?? '').trim().split(/\s+/).filter(Boolean),
    code: match[3] ?? '',
  }));
}

/** The document without its blocks of code: what is prose, links and headings. */
export const proseOf = (document: string): string => textOf(document).replaceAll(/^```[\s\S]*?^```$/gm, '');

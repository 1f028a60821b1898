import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { documents, proseOf, root, snippetsOf, textOf } from './documents.js';

/** Targets of `[text](target)` and `![text](target)`; what stands in code is none. */
const linksOf = (document: string): string[] =>
  [
    ...proseOf(document)
      .replaceAll(/`[^`\n]*`/g, '``')
      .matchAll(/\]\(([^()\s]+)\)/g),
  ].map(([, target = '']) => target);

/** Anchors as GitHub makes them of headings. */
const anchorsOf = (document: string): string[] =>
  [...proseOf(document).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

function amiss(document: string, link: string): string | undefined {
  if (/^https?:/.test(link)) return URL.canParse(link) ? undefined : 'is no address';
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, target))) return 'is not there';
  return anchor === undefined || anchorsOf(target).includes(anchor) ? undefined : 'has no such heading';
}

test.each(documents)('links of %s lead somewhere', (document) => {
  const wrong = linksOf(document).map((link) => [link, amiss(document, link)] as const);
  expect(wrong.filter(([, what]) => what !== undefined)).toEqual([]);
});

test('links are found, in all their kinds', () => {
  const all = documents.flatMap(linksOf);
  expect(all.filter((link) => link.includes('#')).length).toBeGreaterThan(0);
  expect(all.filter((link) => link.startsWith('http')).length).toBeGreaterThan(0);
  expect(amiss('README.md', 'docs/no.md')).toBe('is not there');
  expect(amiss('README.md', 'docs/configuration.md#no')).toBe('has no such heading');
  expect(amiss('README.md', 'docs/configuration.md#admin')).toBeUndefined();
});

test('every page under docs is in their index', () => {
  const pages = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  const listed = linksOf('docs/README.md').map((link) => join('docs', link));
  expect(pages.filter((page) => !listed.includes(page))).toEqual([]);
});

/** Pages that messages of the code send people to. */
const pagesNamedIn = (code: string): string[] => code.match(/\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g) ?? [];

test('a page that a message of the code names is there, with its heading', () => {
  const src = join(root, 'src');
  const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(src, name), 'utf8'));
  expect(code.flatMap(pagesNamedIn).filter((page) => amiss('README.md', page) !== undefined)).toEqual([]);
  expect(pagesNamedIn('See docs/configuration.md#admin.')).toEqual(['docs/configuration.md#admin']);
});

test('code stands between fences, with a language that is looked at', () => {
  const known = ['js', 'ts', 'json', 'yaml', 'sh', 'text', 'promql', 'dockerfile'];
  const unknown = documents.flatMap(snippetsOf).filter(({ language }) => !known.includes(language));
  expect(unknown.map(({ document, line, language }) => `${document}:${line} ${language}`)).toEqual([]);
  const indented = documents.filter((document) => /\n\n {4}\S[^\n]*(?=\n)/.test(withoutLists(textOf(document))));
  expect(indented).toEqual([]);
});

/** Paragraphs of a list are indented too. */
const withoutLists = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/^(?:[-*]|\d+\.) .*(?:\n(?: {2,}.*)?)*/gm, '');

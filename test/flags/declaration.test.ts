import ts from 'typescript';
import { expect, test } from 'vitest';
import { flagTypes } from '../../src/flags/declaration.js';

const on = (variants: object, more: object = {}) => ({ state: 'ENABLED', variants, ...more });

const DOCUMENT = {
  flags: {
    price_test: on({ a: 'a', b: 'b', again: 'a' }),
    new_checkout: on({ on: true, off: false }, { metadata: { description: 'The new\ncheckout */ page' } }),
    limit: on({ few: 1, many: 10 }),
    'with-dash "quoted"': on({ on: true }),
    layout: on({ x: { columns: 2, tags: ['a'], none: null }, y: { columns: 3, tags: [] } }),
    bad: { state: 'on' },
    __proto: on({ x: {} }),
  },
};

test('declares each flag with what it can give, sorted by name', () => {
  const lines = flagTypes(DOCUMENT).split('\n').slice(5, -3);
  expect(lines).toEqual([
    '    "__proto": object;',
    '    "layout": { readonly "columns": number; readonly "tags": readonly (never)[] } | { readonly "columns": number; readonly "tags": readonly (string)[]; readonly "none": null };',
    '    "limit": number;',
    '    /** The new checkout * / page */',
    '    "new_checkout": boolean;',
    '    "price_test": "a" | "b";',
    '    "with-dash \\"quoted\\"": boolean;',
  ]);
});

test('is what TypeScript can read', () => {
  const file = ts.createSourceFile('flags.d.ts', flagTypes(DOCUMENT), ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
  expect(parseDiagnostics).toEqual([]);
});

test.each(['{', '[]', '{"flags": []}'])('%j cannot be declared, and it is said why', (text) => {
  expect(() => flagTypes(text)).toThrow(/no types can be written from this document: it is no/);
});

test('a document without flags declares none', () => {
  expect(flagTypes({ flags: {} })).toContain('interface FlagTypes {\n  }\n}\n');
});

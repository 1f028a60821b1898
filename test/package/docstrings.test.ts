import { expect, test } from 'vitest';
import { publicNames } from '../support/public-names.js';

const names = publicNames();
const lacking = (wanted: (docstring: string) => boolean): string[] =>
  names.filter(({ docstring }) => !wanted(docstring)).map(({ entry, name }) => `${entry}: ${name}`);

test('each public name has a docstring', () => {
  expect(names.length).toBeGreaterThan(100);
  expect(lacking((docstring) => docstring !== '')).toEqual([]);
});

test('each docstring is a sentence: none ends early at what an editor takes for a tag', () => {
  expect(lacking((docstring) => /[.)`]$/.test(docstring.trim()))).toEqual([]);
});

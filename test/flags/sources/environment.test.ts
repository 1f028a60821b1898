import { expect, test } from 'vitest';
import { environment } from '../../../src/flags/sources/environment.js';

function offered(variables: Record<string, string>): unknown[] {
  const documents: unknown[] = [];
  const sink = { document: (text: string) => documents.push(text) > 0, alive: () => {}, failed: () => {} };
  environment(variables).start(sink);
  return documents;
}

test.each([
  [undefined, []],
  ['', []],
  ['a', ['a']],
  [' a , b,,a ,', ['a', 'b']],
  ['__proto__,toString', ['__proto__', 'toString']],
])('flags that are off in %j: %j', (list, names) => {
  expect(environment(list === undefined ? {} : { FOURLIGHTS_FLAGS_OFF: list }).off()).toEqual(names);
});

test('values in the short form become flags', () => {
  const [document] = offered({
    FOURLIGHTS_FLAGS: '{"a": true, "b": false, "c": "green", "d": 3, "__proto__": {"x": 1}}',
  });
  expect(JSON.parse(String(document))).toEqual(
    JSON.parse(`{"flags": {
      "a": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "on" },
      "b": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off" },
      "c": { "state": "ENABLED", "variants": { "value": "green" }, "defaultVariant": "value" },
      "d": { "state": "ENABLED", "variants": { "value": 3 }, "defaultVariant": "value" },
      "__proto__": { "state": "ENABLED", "variants": { "value": { "x": 1 } }, "defaultVariant": "value" }
    }}`),
  );
});

test('a document is passed on as it is, and what is none too: the sink says what is wrong', () => {
  for (const text of ['{"flags": {"a": {}}}', '[]', 'null', '{', '7'])
    expect(offered({ FOURLIGHTS_FLAGS: text })).toEqual([text]);
});

test('nothing set, nothing offered', () => {
  expect(offered({})).toEqual([]);
  expect(offered({ FOURLIGHTS_FLAGS: ' ' })).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type Baggage, type BaggageEntry, FixedBaggage } from '../../../src/traces/propagators/baggage.js';
import { formatBaggage } from '../../../src/traces/propagators/baggage-format.js';
import { parseBaggage } from '../../../src/traces/propagators/baggage-parse.js';
import { baggage as propagator } from '../../../src/traces/propagators/baggage-propagator.js';
import { dropsIn } from '../../support/ledger.js';
import { keptBy } from './heap.js';
import { injected, SPAN, TRACE } from './injected.js';

const read = (header: string | string[] | undefined) => Object.fromEntries(parseBaggage(header));
const values = (header: string | string[]) => [...parseBaggage(header)].map(([key, { value }]) => [key, value]);

describe('members that are read', () => {
  test.each([
    ['one', 'a=1', [['a', '1']]],
    [
      'several, in their order',
      'b=1,a=2',
      [
        ['b', '1'],
        ['a', '2'],
      ],
    ],
    [
      'blanks and tabs everywhere',
      ' a\t= 1 \t, b =2 ',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['an empty value', 'a=', [['a', '']]],
    ['= in a value', 'a=b=c==', [['a', 'b=c==']]],
    ['every character of a token', "!#$%&'*+-.^_`|~09azAZ=1", [["!#$%&'*+-.^_`|~09azAZ", '1']]],
    [
      'a value of all octets but %',
      "a=!#$&'()*+-./09:<=>?@AZ[]^_`az{|}~",
      [['a', "!#$&'()*+-./09:<=>?@AZ[]^_`az{|}~"]],
    ],
    ['an encoded value', 'a=DF%2028%2C%3b%e2%82%AC', [['a', 'DF 28,;€']]],
    ['a plus, which is no blank', 'a=1+1', [['a', '1+1']]],
    ['an encoded percent sign, once', 'a=%2541', [['a', '%41']]],
    ['octets that are no UTF-8', 'a=%ffx%c3', [['a', '\ufffdx\ufffd']]],
    [
      'percent signs that encode nothing',
      'a=%,b=%zz,c=100%',
      [
        ['a', '%'],
        ['b', '%zz'],
        ['c', '100%'],
      ],
    ],
    [
      'the last of one key',
      'a=1,b=2,a=3',
      [
        ['a', '3'],
        ['b', '2'],
      ],
    ],
    [
      'what lies between empty members',
      ', a=1,, b=2 ,',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'members over several headers',
      ['a=1,b=2', '', 'c=3'],
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['no encoded key, as keys are not encoded', 'a%20b=1', [['a%20b', '1']]],
  ])('%s', (_name, header, expected) => {
    expect(values(header)).toEqual(expected);
  });

  test('properties are kept as text, without their blanks', () => {
    expect(read('a=1 ; p ;q = 2;r=%20; s= ,b=2')).toEqual({
      a: { value: '1', properties: 'p;q=2;r=%20;s=' },
      b: { value: '2' },
    });
  });

  test.each([undefined, '', ' ', ',', [], ['', ' ,']])('%j holds nothing', (header) => {
    expect(parseBaggage(header).size).toBe(0);
  });

  test('keys that objects have of themselves are keys like others', () => {
    const baggage = parseBaggage('__proto__=1,constructor=2,toString=3');
    expect([...baggage.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
    expect(parseBaggage('a=1').has('constructor')).toBe(false);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('members that are passed over', () => {
  test.each([
    ['no =', 'a'],
    ['no key', '=1'],
    ['a blank in the key', 'a b=1'],
    ['a separator in the key', 'a(=1'],
    ['a letter beyond ASCII in the key', 'é=1'],
    ['a blank in the value', 'a=1 2'],
    ['a quote in the value', 'a="1"'],
    ['a backslash in the value', 'a=\\'],
    ['a control character', 'a=\x01'],
    ['a line feed', 'a=1\n'],
    ['a letter beyond ASCII in the value', 'a=é'],
    ['a letter that has an ASCII byte within', 'a=\u0141'],
    ['an empty property', 'a=1;'],
    ['an illegal property', 'a=1;p q'],
    ['a property without key', 'a=1;=2'],
    ['a line feed in the properties', 'a=1;p\n'],
  ])('%s', (_name, member) => {
    let all: unknown;
    expect(dropsIn('baggage', 'invalid_member', () => (all = values(`x=1,${member},y=2`)))).toBe(1);
    expect(all).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
  });
});

describe('limits over all headers', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=v`);

  test('180 members are kept and the rest is counted', () => {
    expect(parseBaggage(many(180).join()).size).toBe(180);
    let size = 0;
    const drops = dropsIn('baggage', 'too_many_members', () => (size = parseBaggage(many(200).join()).size));
    expect([size, drops]).toEqual([180, 20]);
  });

  test('members of 500 headers count together', () => {
    expect(parseBaggage(many(500)).size).toBe(180);
  });

  test('the same key again and again takes up the room of members', () => {
    expect(parseBaggage(`${Array(180).fill('a=1').join()},b=1`).has('b')).toBe(false);
  });

  test('8192 bytes are read', () => {
    expect(parseBaggage(`a=${'x'.repeat(8190)}`).get('a')?.value).toHaveLength(8190);
  });

  test('a member beyond 8192 bytes is dropped whole, and those before it are kept', () => {
    let all: unknown;
    const header = `a=1,b=${'x'.repeat(8188)}`;
    expect(dropsIn('baggage', 'too_long', () => (all = values(header)))).toBe(1);
    expect(all).toEqual([['a', '1']]);
    expect(values(`a=${'x'.repeat(8190)},b=1`)).toEqual([['a', 'x'.repeat(8190)]]);
  });

  test('bytes of several headers count together', () => {
    expect(values([`a=${'x'.repeat(4094)}`, `b=${'x'.repeat(4093)}`]).length).toBe(2);
    expect(values([`a=${'x'.repeat(4094)}`, `b=${'x'.repeat(4094)}`]).length).toBe(1);
  });

  test('one member that is too long leaves nothing', () => {
    expect(parseBaggage(`a=${'x'.repeat(65_536)}`).size).toBe(0);
  });

  test.each([
    ['a header of 64 KB', () => `k=${'v'.repeat(100)},`.repeat(630)],
    ['a header of 64 KB of commas', () => ','.repeat(65_536)],
    ['a header of 64 KB of blanks', () => `a=1 ${' '.repeat(65_536)}`],
    ['a header of 64 KB of properties', () => `a=1${';p=1'.repeat(16_384)}`],
    ['500 headers', () => Array.from({ length: 500 }, (_, i) => `k${i}=${'v'.repeat(1000)}`)],
  ])('%s: what is kept of a thousand of them stays small', (_name, make) => {
    const baggages = () =>
      Array.from({ length: 1000 }, () => {
        const header = make();
        return parseBaggage(typeof header === 'string' ? Buffer.from(header).toString() : header);
      });
    expect(keptBy(baggages)).toBeLessThan(32); // the headers are 64 MB, what the limits let through is 8
  });
});

describe('a baggage', () => {
  test('cannot be changed', () => {
    const entries = new Map<string, BaggageEntry>([['a', { value: '1' }]]);
    const baggage = new FixedBaggage(entries);
    entries.clear();
    expect(baggage.get('a')).toEqual({ value: '1' });
    expect(baggage).not.toHaveProperty('set');
    expect(Object.isFrozen(baggage)).toBe(true);
    expect(Object.isFrozen(parseBaggage('a=1').get('a'))).toBe(true);
  });

  test('is read like a map', () => {
    const baggage = parseBaggage('a=1,b=2;p');
    const visited: unknown[] = [];
    baggage.forEach((entry, key, whole) => void visited.push([key, entry, whole === baggage]));
    expect(visited).toEqual([
      ['a', { value: '1' }, true],
      ['b', { value: '2', properties: 'p' }, true],
    ]);
    expect([...baggage.values()].map(({ value }) => value)).toEqual(['1', '2']);
    expect([...baggage.entries()]).toEqual([...baggage]);
  });

  test('says nothing of its members when it is dropped: no value reaches a log', () => {
    const written = vi.spyOn(process.stderr, 'write');
    parseBaggage(`secret="hunter2",${'a=hunter2,'.repeat(5000)}`);
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });
});

describe('the text that goes out', () => {
  const of = (...members: [string, string, string?][]): Baggage =>
    new Map(members.map(([key, value, properties]) => [key, { value, properties }]));

  test.each([
    ['nothing', of(), ''],
    ['members in their order', of(['b', '1'], ['a', '2']), 'b=1,a=2'],
    [
      'values with what must be encoded',
      of(['a', ' ,;"\\%\r\n\0é€\u{1f600}']),
      'a=%20%2C%3B%22%5C%25%0D%0A%00%C3%A9%E2%82%AC%F0%9F%98%80',
    ],
    ['values with what need not be', of(['a', 'https://x/?q=1']), 'a=https://x/?q=1'],
    ['half a surrogate pair', of(['a', '\ud83d!\ude00']), 'a=%EF%BF%BD!%EF%BF%BD'],
    ['properties', of(['a', '1', 'p;q=2']), 'a=1;p;q=2'],
    ['no empty properties', of(['a', '1', '']), 'a=1'],
  ])('%s', (_name, baggage, text) => {
    expect(formatBaggage(baggage)).toBe(text);
  });

  test.each([
    ['an empty key', of(['', '1'])],
    ['a key that is no token', of(['a b', '1'])],
    ['a key that would begin another header', of(['a\r\nx', '1'])],
    ['properties that would be another member', of(['a', '1', 'p,b=2'])],
    ['properties with a line feed', of(['a', '1', 'p\nq'])],
  ])('%s is left out and counted', (_name, baggage) => {
    let text: unknown;
    const all = new Map([...baggage, ...of(['z', '1'])]);
    expect(dropsIn('baggage', 'invalid_member', () => (text = formatBaggage(all)))).toBe(1);
    expect(text).toBe('z=1');
  });

  test('180 members go out, and the rest is counted', () => {
    let text = '';
    const all = of(...Array.from({ length: 185 }, (_, i): [string, string] => [`k${i}`, '']));
    expect(dropsIn('baggage', 'too_many_members', () => (text = formatBaggage(all)))).toBe(5);
    expect(text.split(',')).toHaveLength(180);
  });

  test('8192 bytes go out, and a small member after one that is too long', () => {
    const full = of(['a', 'x'.repeat(8190)]);
    expect(formatBaggage(full)).toHaveLength(8192);
    let text = '';
    const more = of(['a', 'x'.repeat(8000)], ['b', 'x'.repeat(1000)], ['c', '1']);
    expect(dropsIn('baggage', 'too_long', () => (text = formatBaggage(more)))).toBe(1);
    expect(text).toBe(`a=${'x'.repeat(8000)},c=1`);
  });

  test('only what is there is set as a header', () => {
    const span = { traceId: TRACE, spanId: SPAN, flags: 1 };
    expect(injected(propagator, span)).toEqual({});
    expect(injected(propagator, { ...span, baggage: of() })).toEqual({});
    expect(injected(propagator, { ...span, baggage: of(['a', 'b c']) })).toEqual({ baggage: 'a=b%20c' });
  });
});

test('what was written is read again: any value, whole', () => {
  const token = fc.string({ unit: fc.constantFrom(...'abzAZ09!#$&*+-.^_|~'), minLength: 1, maxLength: 8 });
  const properties = fc.option(
    fc.array(
      fc.oneof(
        token,
        fc.tuple(token, token).map((pair) => pair.join('=')),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    { nil: undefined },
  );
  const entry = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), properties).map(([value, list]) => ({
    value,
    properties: list?.join(';'),
  }));
  fc.assert(
    fc.property(fc.array(fc.tuple(token, entry), { maxLength: 12 }), (pairs) => {
      const baggage = new Map(pairs);
      expect(new Map(parseBaggage(formatBaggage(baggage)))).toEqual(baggage);
    }),
    { numRuns: 300 },
  );
});

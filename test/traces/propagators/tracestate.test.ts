import { describe, expect, test } from 'vitest';
import { parseTracestate } from '../../../src/traces/propagators/tracestate.js';
import { dropsIn } from '../../support/ledger.js';

const members = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=v`);

describe('a list that is carried', () => {
  test.each([
    ['one member', 'foo=1', 'foo=1'],
    ['several members, in their order', 'foo=1,bar=2,baz=3', 'foo=1,bar=2,baz=3'],
    ['a key that begins with a digit', '1foo=1', '1foo=1'],
    ['every character of a key', '0az_-*/@9=1', '0az_-*/@9=1'],
    ['a key that ends in @ (*)', 'foo@=1', 'foo@=1'],
    ['a key with @ repeatedly (*)', 'a@@b=1', 'a@@b=1'],
    ['a vendor that begins with a digit', 'fw529a3039@0dt=1', 'fw529a3039@0dt=1'],
    ['a key of 256 characters (*)', `${'k'.repeat(256)}=1`, `${'k'.repeat(256)}=1`],
    ['a tenant of 254 characters (*)', `${'t'.repeat(254)}@v=1`, `${'t'.repeat(254)}@v=1`],
    ['a long vendor (*)', `t@${'v'.repeat(254)}=1`, `t@${'v'.repeat(254)}=1`],
    ['a value of 256 characters', `k=${'v'.repeat(256)}`, `k=${'v'.repeat(256)}`],
    ['blanks inside a value', 'foo=a b  c', 'foo=a b  c'],
    ['a blank in front of a value', 'foo= 1', 'foo= 1'],
    ['the edges of printable ASCII', 'foo=!~+-<>', 'foo=!~+-<>'],
    ['32 members', members(32).join(), members(32).join()],
    ['the same key twice', 'foo=1,foo=1', 'foo=1,foo=1'],
    ['the same key with other values', 'foo=1,foo=2', 'foo=1,foo=2'],
    ['blanks and tabs around members', ' foo=1 \t,\t bar=2\t ', 'foo=1,bar=2'],
    ['empty members', 'foo=1, , bar=2', 'foo=1,bar=2'],
    ['empty members at the ends', ',,foo=1,\t,', 'foo=1'],
    ['32 members between empty ones', `,${members(32).join(', ,')},`, members(32).join()],
  ])('%s', (_name, header, carried) => {
    expect(parseTracestate(header)).toBe(carried);
  });
});

describe('a list that is discarded', () => {
  test.each([
    ['a member without a value', 'foo'],
    ['an empty value (*)', 'foo='],
    ['a value of blanks', 'foo=  '],
    ['= in a value (*)', 'foo=a=b'],
    ['an empty key', '=1'],
    ['a lone =', '='],
    ['an upper-case key', 'FOO=1'],
    ['an upper-case letter inside a key', 'fOo=1'],
    ['a dot in a key', 'foo.bar=1'],
    ['a key that begins with @', '@foo=1'],
    ['a key that begins with _', '_foo=1'],
    ['a key that begins with -', '-foo=1'],
    ['a key that begins with *', '*foo=1'],
    ['a key that begins with /', '/foo=1'],
    ['a blank in a key', 'foo bar=1'],
    ['a blank after a key', 'foo =1'],
    ['a tab after a key', 'foo\t=1'],
    ['a key of 257 characters', `${'k'.repeat(257)}=1`],
    ['a value of 257 characters', `k=${'v'.repeat(257)}`],
    ['a tab in a value', 'foo=a\tb'],
    ['a control character', 'foo=a\x01'],
    ['a DEL', 'foo=a\x7f'],
    ['a line feed after the list', 'foo=1\n'],
    ['a no-break space around a member', 'foo=1,\xa0bar=2'],
    ['a letter beyond ASCII', 'foo=\xe9'],
    ['a letter that has an ASCII byte within', 'foo=\u0141'],
    ['a semicolon for a comma, as = is then in the value', 'foo=1;bar=2'],
    ['33 members (*)', members(33).join()],
    ['33 members, two of them alike (*)', `${members(32).join()},k0=v`],
    ['one illegal member among good ones', 'foo=1,Bar=2,baz=3'],
    ['an illegal member at the end', 'foo=1,bar'],
    ['__proto__ as a key', '__proto__=1'],
  ])('%s', (_name, header) => {
    expect(parseTracestate(header)).toBeUndefined();
  });

  test('no members are no tracestate, and nothing is lost', () => {
    const drops = dropsIn('tracestate', 'invalid_member', () => {
      for (const header of ['', ' ', ',', ' ,\t, ']) expect(parseTracestate(header)).toBeUndefined();
    });
    expect(drops).toBe(0);
  });

  test('what is discarded is counted', () => {
    expect(dropsIn('tracestate', 'invalid_member', () => parseTracestate('a=1,B=2'))).toBe(1);
    expect(dropsIn('tracestate', 'too_many_members', () => parseTracestate(members(33).join()))).toBe(1);
  });

  test('`constructor` is a key like any other', () => {
    expect(parseTracestate('constructor=1,tostring=2')).toBe('constructor=1,tostring=2');
  });
});

describe('a list that is too long', () => {
  const of = (key: string, length: number) => `${key}=${'v'.repeat(length - key.length - 1)}`;

  test('512 characters are carried whole', () => {
    const header = `${of('a', 255)},${of('b', 256)}`;
    expect(header).toHaveLength(512);
    expect(parseTracestate(header)).toBe(header);
  });

  test('members over 128 characters go first, the last of them before the others', () => {
    const header = [
      of('long1', 129),
      of('a', 128),
      of('long2', 129),
      of('b', 128),
      of('c', 20),
      of('long3', 129),
    ].join();
    expect(parseTracestate(header)).toBe([of('long1', 129), of('a', 128), of('b', 128), of('c', 20)].join());
  });

  test('without long ones, members go from the end', () => {
    const header = ['a', 'b', 'c', 'd', 'e'].map((key) => of(key, 128)).join();
    expect(parseTracestate(header)).toBe(['a', 'b', 'c'].map((key) => of(key, 128)).join());
  });

  test('a list of one member that is too long is discarded', () => {
    expect(parseTracestate(`${'k'.repeat(256)}=${'v'.repeat(256)}`)).toBeUndefined();
  });

  test('cutting is counted', () => {
    expect(dropsIn('tracestate', 'too_long', () => parseTracestate([of('a', 256), of('b', 257)].join()))).toBe(1);
  });

  test('lengths of white space and of the header do not count', () => {
    expect(parseTracestate(`${' '.repeat(60_000)}a=1${','.repeat(60_000)}b=2`)).toBe('a=1,b=2');
  });
});

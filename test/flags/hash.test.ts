import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashFrom, murmur3, startOf } from '../../src/flags/hash.js';

/** The algorithm as its author wrote it down, over bytes and with whole numbers. */
function reference(bytes: Uint8Array): number {
  const MASK = 0xffffffffn;
  const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & MASK;
  const scrambled = (k: bigint): bigint => (rotl((k * 0xcc9e2d51n) & MASK, 15n) * 0x1b873593n) & MASK;
  let h = 0n;
  const blocks = bytes.length >> 2;
  const byte = (index: number): bigint => BigInt(bytes[index] ?? 0);
  const word = (at: number, count: number): bigint => {
    let k = 0n;
    for (let i = 0; i < count; i++) k |= byte(at + i) << BigInt(8 * i);
    return k;
  };
  for (let i = 0; i < blocks; i++) h = (rotl(h ^ scrambled(word(i * 4, 4)), 13n) * 5n + 0xe6546b64n) & MASK;
  if (bytes.length % 4 > 0) h ^= scrambled(word(blocks * 4, bytes.length % 4));
  h ^= BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
  return Number(h ^ (h >> 16n));
}

const text = fc.string({ unit: 'binary' });

describe('murmur3 of UTF-8', () => {
  test.each([
    ['', 0],
    ['a', 1009084850],
    ['ab', 2613040991],
    ['abc', 3017643002],
    ['abcd', 1139631978],
    ['hello', 613153351],
    ['\u00e9', 269551495],
    ['e\u0301', 2670895720],
    ['用户', 3681788688],
    ['🙂', 1042440291],
    ['user-é', 3418645155],
    ['naïve', 992511445],
    ['a🙂b', 1884633116],
    ['\ud800', 3063719617],
    ['\ufffd', 3063719617],
    ['new-checkoutuser-1', 1954156369],
    ['ejOoVL', 0],
    ['bY9fO-', 1],
    ['SI7p-', 0x7fffffff],
    ['6LvT0', 0x80000000],
    ['ceQdGm', 0xffffffff],
  ])('of %j is %i', (given, hash) => {
    expect(murmur3(given)).toBe(hash);
  });

  test('is that of the bytes, whatever the text', () => {
    const holds = (given: string): void => {
      expect(murmur3(given)).toBe(reference(new TextEncoder().encode(given)));
    };
    fc.assert(fc.property(text, holds));
    fc.assert(fc.property(fc.string(), holds));
  });

  test('begun with one text and ended with another is that of both, wherever they part', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), text, (a, b, c) => {
        expect(hashFrom(startOf(b, startOf(a)), c) >>> 0).toBe(reference(Buffer.from(a + b + c)));
      }),
    );
  });
});

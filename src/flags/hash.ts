/** Where a hash stands after some text: what is hashed often with one beginning is begun once. */
export interface HashStart {
  /** State after all whole blocks. */
  readonly state: number;
  /** Bytes of the block under way, the first one lowest. */
  readonly pending: number;
  /** How many those are, 0 to 3. */
  readonly count: number;
  /** Bytes so far. */
  readonly length: number;
}

export const EMPTY: HashStart = Object.freeze({ state: 0, pending: 0, count: 0, length: 0 });

const REPLACEMENT = 0xfffd;

/** MurmurHash3 x86 32-bit (Appleby), seed 0, over the UTF-8 bytes of `text`: 0 to 2^32 - 1. A lone surrogate counts as U+FFFD. */
export function murmur3(text: string): number {
  return hashFrom(EMPTY, text) >>> 0;
}

/** The hash of what `start` has seen, followed by `text`: its 32 bits as a signed number, which is never put on the heap. */
export function hashFrom(start: HashStart, text: string): number {
  let { state, pending } = start;
  const shift = start.count << 3;
  const length = text.length;
  const whole = length & ~3;
  let seen = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    seen |= a | b | c | d;
    const word = a | (b << 8) | (c << 16) | (d << 24);
    state = mixed(state, pending | (word << shift));
    pending = shift === 0 ? 0 : word >>> (32 - shift);
  }
  let count = start.count;
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    seen |= code;
    pending |= code << (count << 3);
    if (++count === 4) {
      state = mixed(state, pending);
      pending = 0;
      count = 0;
    }
  }
  if (seen > 0x7f) return finished(extended(start, text));
  return finish(state, pending, count, start.length + length);
}

/** Begins, or goes on with, a hash that `hashFrom` ends. */
export function startOf(text: string, start: HashStart = EMPTY): HashStart {
  return Object.freeze(extended(start, text));
}

function extended(start: HashStart, text: string): HashStart {
  let { state, pending, count, length } = start;
  const push = (byte: number): void => {
    pending |= byte << (count << 3);
    length++;
    if (++count < 4) return;
    state = mixed(state, pending);
    pending = 0;
    count = 0;
  };
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    pushUtf8(point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point, push);
  }
  return { state, pending, count, length };
}

function pushUtf8(point: number, push: (byte: number) => void): void {
  if (point < 0x80) {
    push(point);
    return;
  }
  if (point < 0x800) push(0xc0 | (point >> 6));
  else {
    if (point < 0x10000) push(0xe0 | (point >> 12));
    else {
      push(0xf0 | (point >> 18));
      push(0x80 | ((point >> 12) & 0x3f));
    }
    push(0x80 | ((point >> 6) & 0x3f));
  }
  push(0x80 | (point & 0x3f));
}

function finished({ state, pending, count, length }: HashStart): number {
  return finish(state, pending, count, length);
}

function finish(state: number, pending: number, count: number, length: number): number {
  let h = count === 0 ? state : state ^ scrambled(pending);
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function scrambled(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function mixed(state: number, block: number): number {
  const h = state ^ scrambled(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

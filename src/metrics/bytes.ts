const FIRST = 4096;
const MOST_SMALL = 2 ** 31 - 1;
const ZERO = 48;
const LINE_FEED = 10;

/**
 * UTF-8 under way, written in place: a scrape has some fifty thousand lines, and as strings they would all be garbage
 * before they are bytes. Grows as needed; what turns out to be too much is cut off again.
 */
export class Bytes {
  length = 0;
  #buffer: Buffer;

  /** `expected`: about how many it will be. */
  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(FIRST, expected));
  }

  bytes(part: Uint8Array): void {
    this.#room(part.length);
    this.#buffer.set(part, this.length);
    this.length += part.length;
  }

  text(text: string): void {
    this.#room(text.length * 3); // the most that UTF-8 takes
    this.length += this.#buffer.write(text, this.length);
  }

  /** A count. What is none, of a source that is not ours, is written all the same. */
  count(value: number): void {
    if (!(value >= 0 && value <= MOST_SMALL && Number.isInteger(value))) {
      this.text(String(value));
      return;
    }
    const digits = digitsOf(value);
    this.#room(digits);
    let at = this.length + digits;
    this.length = at;
    let left = value | 0;
    do {
      const tenth = (left / 10) | 0;
      this.#buffer[--at] = ZERO + left - tenth * 10;
      left = tenth;
    } while (left > 0);
  }

  line(): void {
    this.#room(1);
    this.#buffer[this.length++] = LINE_FEED;
  }

  /** `length`: as it was before. */
  cut(length: number): void {
    this.length = length;
  }

  /** All of it; nothing is written afterwards. */
  end(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  #room(more: number): void {
    if (this.length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.length + more));
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let least = 10; value >= least; least *= 10) digits++;
  return digits;
}

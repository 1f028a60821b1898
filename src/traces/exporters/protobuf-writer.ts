/** Wire types (protobuf.dev, "Encoding"). */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/**
 * Writes protobuf from the last byte to the first: the length of a nested message is known once it is written, so nothing
 * is measured beforehand and nothing is copied. Fields are therefore given in reverse.
 */
export class ReverseWriter {
  #buffer: Buffer;
  #at: number;

  constructor(bytes = 16_384) {
    this.#buffer = Buffer.allocUnsafe(bytes);
    this.#at = bytes;
  }

  /** What is written so far. */
  bytes(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  /** How many bytes are written so far. */
  get written(): number {
    return this.#buffer.length - this.#at;
  }

  varint(id: number, value: bigint | number): void {
    this.#plainVarint(value);
    this.#tag(id, VARINT);
  }

  fixed32(id: number, value: number): void {
    const at = this.#back(4);
    this.#buffer.writeUInt32LE(value >>> 0, at);
    this.#tag(id, FIXED_32);
  }

  fixed64(id: number, value: bigint): void {
    const at = this.#back(8);
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), at);
    this.#tag(id, FIXED_64);
  }

  double(id: number, value: number): void {
    const at = this.#back(8);
    this.#buffer.writeDoubleLE(value, at);
    this.#tag(id, FIXED_64);
  }

  text(id: number, value: string, encoding: 'utf8' | 'hex' | 'base64'): void {
    const length = Buffer.byteLength(value, encoding);
    const at = this.#back(length);
    this.#buffer.write(value, at, length, encoding);
    this.#length(id, length);
  }

  /** A nested message: `before` is what `written` was when its fields were still to come. */
  message(id: number, before: number): void {
    this.#length(id, this.written - before);
  }

  #length(id: number, length: number): void {
    this.#plainVarint(length);
    this.#tag(id, LENGTH);
  }

  #tag(id: number, wireType: number): void {
    this.#plainVarint((id << 3) | wireType);
  }

  #plainVarint(value: bigint | number): void {
    if (typeof value === 'number' && value >= 0 && value <= 0x7fff_ffff) this.#shortVarint(value);
    else this.#longVarint(BigInt(value));
  }

  #shortVarint(value: number): void {
    const bytes = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    let at = this.#back(bytes);
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#buffer[at++] = (rest & 0x7f) | 0x80;
    this.#buffer[at] = rest;
  }

  /** A negative int64 is ten bytes of its two's complement. */
  #longVarint(value: bigint): void {
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups.push(Number(rest));
    const at = this.#back(groups.length);
    this.#buffer.set(groups, at);
  }

  /** Goes back by so many bytes, into a larger buffer if need be; says where that is. */
  #back(bytes: number): number {
    if (this.#at < bytes) this.#grow(bytes);
    this.#at -= bytes;
    return this.#at;
  }

  #grow(bytes: number): void {
    const written = this.bytes();
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, written.length + bytes));
    this.#at = larger.length - written.length;
    larger.set(written, this.#at);
    this.#buffer = larger;
  }
}

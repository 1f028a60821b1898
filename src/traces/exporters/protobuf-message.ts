import { ReverseWriter } from './protobuf-writer.js';

type Scalar = keyof typeof scalars;
type Message = Readonly<Record<string, unknown>>;

/** How a value of OTLP/JSON is written; `Number` reads the words that JSON has for NaN and the infinities. */
const scalars = {
  string: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'utf8'),
  hex: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'hex'),
  base64: (to: ReverseWriter, id: number, value: unknown) => to.text(id, String(value), 'base64'),
  varint: (to: ReverseWriter, id: number, value: unknown) => to.varint(id, Number(value)),
  int64: (to: ReverseWriter, id: number, value: unknown) => to.varint(id, int64(String(value))),
  sint32: (to: ReverseWriter, id: number, value: unknown) => to.varint(id, zigzag(Number(value))),
  fixed32: (to: ReverseWriter, id: number, value: unknown) => to.fixed32(id, Number(value)),
  fixed64: (to: ReverseWriter, id: number, value: unknown) => to.fixed64(id, BigInt(String(value))),
  double: (to: ReverseWriter, id: number, value: unknown) => to.double(id, Number(value)),
} as const;

/** By message its fields: each one's number, which never changes, and its type, a scalar or another message. */
export type Messages = Readonly<Record<string, Readonly<Record<string, readonly [id: number, type: string]>>>>;

interface Field {
  readonly name: string;
  readonly id: number;
  readonly type: string;
}

/** Writes messages of such a table in protobuf. What a value has beyond its message's fields is passed over. */
export class MessageEncoder {
  /** The table as it is walked: from the last field to the first, as the writer goes. */
  readonly #reversed: ReadonlyMap<string, readonly Field[]>;

  constructor(messages: Messages) {
    this.#reversed = new Map(
      Object.entries(messages).map(([message, fields]) => [
        message,
        Object.entries(fields)
          .map(([name, [id, type]]) => ({ name, id, type }))
          .reverse(),
      ]),
    );
  }

  /** `bytes`: about how long it will be. */
  encode(message: string, value: object, bytes: number): Buffer {
    const writer = new ReverseWriter(bytes);
    this.#message(writer, message, value as Message);
    return writer.bytes();
  }

  #message(writer: ReverseWriter, message: string, value: Message): void {
    for (const field of this.#reversed.get(message) ?? []) {
      const given = value[field.name];
      if (Array.isArray(given)) for (let i = given.length - 1; i >= 0; i--) this.#field(writer, field, given[i]);
      else if (given !== undefined) this.#field(writer, field, given);
    }
  }

  #field(writer: ReverseWriter, { id, type }: Field, value: unknown): void {
    if (isScalar(type)) {
      scalars[type](writer, id, value);
      return;
    }
    const before = writer.written;
    this.#message(writer, type, value as Message);
    writer.message(id, before);
  }
}

function isScalar(type: string): type is Scalar {
  return Object.hasOwn(scalars, type);
}

function int64(text: string): number | bigint {
  const value = Number(text);
  return value >= 0 && Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Of 32 bits: the sign goes to the lowest one. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

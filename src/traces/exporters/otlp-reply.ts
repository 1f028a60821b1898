import type { Protocol } from './protocol.js';

/** What an ExportTraceServiceResponse, or its like for another signal, says of a request that was taken. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const ALL_TAKEN: PartialSuccess = { rejected: 0, message: '' };
const LONGEST_MESSAGE = 200;

/** A body that cannot be read takes nothing back of the status: all were taken. */
export function partialSuccess(body: Uint8Array, protocol: Protocol): PartialSuccess {
  try {
    return protocol === 'http/json' ? fromJson(body) : fromProtobuf(body);
  } catch {
    return ALL_TAKEN;
  }
}

function fromJson(body: Uint8Array): PartialSuccess {
  const reply: {
    partialSuccess?: Partial<Record<'rejectedSpans' | 'rejectedDataPoints' | 'errorMessage', unknown>>;
  } | null = JSON.parse(Buffer.from(body).toString());
  const { rejectedSpans, rejectedDataPoints, errorMessage = '' } = reply?.partialSuccess ?? {};
  return {
    rejected: countOf(Number(rejectedSpans ?? rejectedDataPoints)),
    message: String(errorMessage).slice(0, LONGEST_MESSAGE),
  };
}

/** A receiver may say anything. */
function countOf(rejected: number): number {
  return Number.isSafeInteger(rejected) ? Math.max(0, rejected) : 0;
}

/** `partial_success = 1`, in it `rejected_spans = 1` (int64; `rejected_data_points` is 1 as well) and `error_message = 2`. */
function fromProtobuf(body: Uint8Array): PartialSuccess {
  const success = fields(body).get(1);
  if (!(success instanceof Uint8Array)) return ALL_TAKEN;
  const inside = fields(success);
  const rejected = inside.get(1);
  const message = inside.get(2);
  return {
    rejected: typeof rejected === 'bigint' ? countOf(Number(BigInt.asIntN(64, rejected))) : 0,
    message: message instanceof Uint8Array ? Buffer.from(message).toString().slice(0, LONGEST_MESSAGE) : '',
  };
}

/** The varints and the length-delimited fields of one message; throws for what is no message. */
function fields(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
  const found = new Map<number, bigint | Uint8Array>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('it ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than ten bytes');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    if (wireType === 0) found.set(tag >>> 3, varint());
    else if (wireType === 2) {
      const length = Number(varint());
      found.set(tag >>> 3, bytes.subarray(at, at + length));
      at += length;
    } else if (wireType === 1 || wireType === 5) at += wireType === 1 ? 8 : 4;
    else throw new RangeError(`wire type ${wireType}`);
  }
  if (at > bytes.length) throw new RangeError('it ends within a field');
  return found;
}

import type { SpanAttributes } from '../export/finished-span.js';

/** OTLP's AnyValue under the rules of OTLP/JSON: 64-bit integers are strings, bytes are base64. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | string }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Record<string, never>;

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Attributes nest by no more than this; what is deeper, or has no end, becomes a word. */
const DEEPEST = 8;

export function keyValues(attributes: SpanAttributes, depth = 0): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value, depth) }));
}

export function anyValue(value: unknown, depth = 0): AnyValue {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return numberValue(value);
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? { intValue: String(value) } : { stringValue: String(value) };
    case 'object':
      return value === null ? {} : objectValue(value, depth);
    default:
      return {}; // undefined, functions and symbols: an AnyValue without a value
  }
}

/** Whole numbers beyond 2^53 are not exact anyway, and may not fit 64 bits. JSON knows no NaN: protobuf's rule is a word. */
function numberValue(value: number): AnyValue {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

function objectValue(value: object, depth: number): AnyValue {
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (depth >= DEEPEST) return { stringValue: '[nested too deep]' };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
  return { kvlistValue: { values: keyValues(value as SpanAttributes, depth + 1) } };
}

import { owned } from '../../context/traceparent.js';
import { diagnostics } from '../../core/diagnostics.js';
import {
  type Baggage,
  type BaggageEntry,
  FixedBaggage,
  MAX_BYTES,
  MAX_MEMBERS,
  MEMBER,
  NO_BAGGAGE,
  PROPERTY,
} from './baggage.js';

/**
 * Reads a baggage, of one header or of several, within the limits: text beyond them is not looked at, nor is a member
 * that they cut in two. Illegal members are passed over and counted; of one key, the last member holds. Never throws.
 */
export function parseBaggage(header: string | readonly string[] | undefined): Baggage {
  const text = header === undefined ? '' : within(header);
  if (text === '') return NO_BAGGAGE;
  const entries = new Map<string, BaggageEntry>();
  let read = 0;
  for (let start = 0; start < text.length; ) {
    const comma = text.indexOf(',', start);
    const end = comma === -1 ? text.length : comma;
    if (end > start && readInto(entries, text.slice(start, end), read < MAX_MEMBERS)) read++;
    start = end + 1;
  }
  return entries.size === 0 ? NO_BAGGAGE : new FixedBaggage(entries);
}

/** The members that fit, before any is read. A legal member is ASCII, so its bytes are its characters. */
function within(header: string | readonly string[]): string {
  const text = typeof header === 'string' ? header : joined(header);
  if (text.length <= MAX_BYTES) return text;
  diagnostics.drop('baggage', 'too_long');
  return owned(text.slice(0, Math.max(0, text.lastIndexOf(',', MAX_BYTES))), text);
}

function joined(headers: readonly unknown[]): string {
  let text = '';
  for (let i = 0; i < headers.length && text.length <= MAX_BYTES; i++) {
    const header = headers[i];
    if (typeof header === 'string') text = text === '' ? header : `${text},${header}`;
  }
  return text;
}

/** True when that was a member: an empty one is none (RFC 9110, 5.6.1). */
function readInto(entries: Map<string, BaggageEntry>, member: string, hasRoom: boolean): boolean {
  const fields = MEMBER.exec(member);
  if (fields === null) {
    if (member.trim() !== '') diagnostics.drop('baggage', 'invalid_member');
    return false;
  }
  const [, key = '', value = '', behind] = fields;
  const properties = behind === undefined ? undefined : propertiesOf(behind);
  if (behind !== undefined && properties === undefined) {
    diagnostics.drop('baggage', 'invalid_member');
    return false;
  }
  if (hasRoom) entries.set(key, Object.freeze({ value: decoded(value), properties }));
  else diagnostics.drop('baggage', 'too_many_members');
  return true;
}

/** Properties without their blanks; `undefined` when one of them is illegal. */
export function propertiesOf(text: string): string | undefined {
  const properties: string[] = [];
  for (const part of text.split(';')) {
    const fields = PROPERTY.exec(part);
    if (fields === null) return undefined;
    const [, key = '', value] = fields;
    properties.push(value === undefined ? key : `${key}=${value}`);
  }
  return properties.join(';');
}

/** Octets that are no UTF-8 become U+FFFD; a percent sign that begins no octet stands for itself. */
function decoded(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/(?:%[0-9A-Fa-f]{2})+/g, (octets) => Buffer.from(octets.replaceAll('%', ''), 'hex').toString());
}

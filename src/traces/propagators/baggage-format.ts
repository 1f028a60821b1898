import { diagnostics } from '../../core/diagnostics.js';
import { type Baggage, type BaggageEntry, KEY, MAX_BYTES, MAX_MEMBERS } from './baggage.js';
import { propertiesOf } from './baggage-parse.js';

/** What a value may not hold as it stands, the percent sign included. */
const UNSAFE = /[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/gu;

/**
 * A baggage as the value of one header, '' when there is nothing to send. Members that are illegal, or for which the
 * limits leave no room, are left out and counted; later ones that fit are sent.
 */
export function formatBaggage(baggage: Baggage): string {
  let text = '';
  let comma = '';
  let members = 0;
  for (const [key, entry] of baggage) {
    const member = memberOf(key, entry);
    if (member === undefined) {
      diagnostics.drop('baggage', 'invalid_member');
    } else if (members === MAX_MEMBERS) {
      diagnostics.drop('baggage', 'too_many_members');
    } else if (text.length + comma.length + member.length > MAX_BYTES) {
      diagnostics.drop('baggage', 'too_long');
    } else {
      text += comma + member;
      comma = ',';
      members++;
    }
  }
  return text;
}

function memberOf(key: string, { value, properties }: BaggageEntry): string | undefined {
  if (!KEY.test(key)) return undefined;
  const about = properties === undefined || properties === '' ? '' : propertiesOf(properties);
  if (about === undefined) return undefined;
  return `${key}=${encoded(value)}${about === '' ? '' : `;${about}`}`;
}

/** `encodeURIComponent` throws at half of a surrogate pair, which becomes U+FFFD. */
function encoded(value: string): string {
  return value.replace(UNSAFE, (run) => encodeURIComponent(run.replace(/\p{Surrogate}/gu, '\ufffd')));
}

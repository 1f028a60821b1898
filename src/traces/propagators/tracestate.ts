import { owned } from '../../context/traceparent.js';
import { diagnostics } from '../../core/diagnostics.js';

const MAX_MEMBERS = 32;
/** What must be carried at least is what we carry at most: it goes out with every call. */
const MAX_CHARS = 512;
/** A member longer than this goes first when the list is too long. */
const LONG_MEMBER = 128;

/** Key and value of one member, without the blanks around it (level 2, 3.3.1.3). */
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * W3C tracestate, level 2: the list as it goes on, without blanks around members and without empty ones. One illegal
 * member, or a 33rd, discards all of it; a list longer than we carry loses members, long ones first, the oldest of
 * them before newer ones. Twice the same key is no offence.
 */
export function parseTracestate(header: string): string | undefined {
  const members: string[] = [];
  for (let start = 0; start <= header.length; ) {
    const comma = header.indexOf(',', start);
    const end = comma === -1 ? header.length : comma;
    const member = trimmed(header, start, end);
    start = end + 1;
    if (member === '') continue;
    if (members.length === MAX_MEMBERS) return refused('too_many_members');
    if (!MEMBER.test(member)) return refused('invalid_member');
    members.push(member);
  }
  const text = shortened(members).join(',');
  return text === '' ? undefined : owned(text, header);
}

function refused(reason: string): undefined {
  diagnostics.drop('tracestate', reason);
  return undefined;
}

/** Blanks and tabs only: `trim` would take a no-break space, which is illegal, for a blank. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Newer members stand in front (3.3.1.1), so cutting begins at the end. */
function shortened(members: string[]): string[] {
  let chars = members.length - 1;
  for (const member of members) chars += member.length;
  if (chars <= MAX_CHARS) return members;
  diagnostics.drop('tracestate', 'too_long');
  for (const longerThan of [LONG_MEMBER, 0]) {
    for (let i = members.length - 1; i >= 0 && chars > MAX_CHARS; i--) {
      const { length } = members[i] as string; // i is within
      if (length <= longerThan) continue;
      members.splice(i, 1);
      chars -= length + 1;
    }
  }
  return members;
}

import { messageOf } from '../../core/diagnostics.js';
import { nearest, shortened } from '../../core/nearest.js';

/** One thing that is wrong with a rule. */
export interface Finding {
  /** The rule's name, or its place in the list: `rule 3`. */
  readonly rule: string;
  /** Stable name of the check. */
  readonly code: string;
  /** A rule with an error is rejected and the others run; one with a warning runs. */
  readonly level: 'error' | 'warning';
  /** What is wrong and what to write instead, without the rule's name. */
  readonly message: string;
}

/** A rule as it came, maybe from a file: nothing is known of it. */
export type Given = Readonly<Record<string, unknown>>;

/** One check of one rule: what is wrong, or nothing. */
export type Check = (rule: Given) => string | undefined;

export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : messageOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A key that nobody reads is a typing error: what was meant by it would be left at its default, in silence. */
export function unknownKey(given: Given, known: readonly string[], where = ''): string | undefined {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return undefined;
  const meant = nearest(unknown, known);
  return `${where}unknown key "${shortened(unknown, 60)}"${meant === undefined ? '' : `: write ${meant}`}; known: ${known.join(', ')}`;
}

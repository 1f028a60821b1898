import { messageOf } from '../../core/diagnostics.js';

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

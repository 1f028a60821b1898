import { messageOf } from '../core/diagnostics.js';
import { shortened } from '../core/nearest.js';
import { RuleFault } from './rule.js';

/** What is wrong with one flag of a document, or what is legal and most likely a mistake. */
export interface Fault {
  /** The source's name. */
  readonly source: string;
  readonly flag: string;
  /** JSON path from the document's root: `flags.new_checkout.targeting.if[0]`. */
  readonly path: string;
  readonly value: unknown;
  readonly problem: string;
  readonly fix: string;
}

export function sayWarning({ source, path, problem }: Fault): string {
  return `${source}: ${path}: ${problem}`;
}

const MAX_SHOWN = 80;

/** `file ./flags.json: flags.a.state is "on": ...; write "ENABLED" or "DISABLED"` */
export function sayFault({ source, path, value, problem, fix }: Fault): string {
  return `${source}: ${path} is ${shown(value)}: ${problem}${fix === '' ? '' : `; ${fix}`}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch (cause) {
    text = messageOf(cause);
  }
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/** Names in a document may be as long as it is. */
export const MAX_PLACE = 400;
const MAX_SAID = 2000;

/** JSON path from the document's root. */
export function placeOf(flag: string, path: string): string {
  return shortened(path === '' ? `flags.${flag}` : `flags.${flag}.${path}`, MAX_PLACE);
}

/** A fault of whatever was thrown while a flag was read. */
export function faultOf(source: string, flag: string, cause: unknown): Fault {
  if (!(cause instanceof RuleFault)) {
    const problem = shortened(messageOf(cause), MAX_PLACE);
    return { source, flag, path: placeOf(flag, ''), value: undefined, problem, fix: 'simplify the flag' };
  }
  const { path, value, message, fix } = cause;
  return {
    source,
    flag,
    path: placeOf(flag, path),
    value,
    problem: shortened(message, MAX_SAID),
    fix: shortened(fix, MAX_SAID),
  };
}

import { messageOf } from '../core/diagnostics.js';
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

/** A fault of whatever was thrown while a flag was read. */
export function faultOf(source: string, flag: string, cause: unknown): Fault {
  const at = `flags.${flag}`;
  if (!(cause instanceof RuleFault)) {
    return { source, flag, path: at, value: undefined, problem: messageOf(cause), fix: 'simplify the flag' };
  }
  const { path, value, message, fix } = cause;
  return { source, flag, path: path === '' ? at : `${at}.${path}`, value, problem: message, fix };
}

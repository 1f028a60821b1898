import { readFileSync } from 'node:fs';
import { messageOf } from '../core/diagnostics.js';
import { type FlagSet, flagSet } from '../flags/flag-set.js';
import { Failure } from './failure.js';

/** The text of a document of flags. `-` reads standard input. */
export function documentText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new Failure('input', `${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** What a service would take over of it, by the very code that a service reads it with. */
export function flagsIn(file: string, text: string = documentText(file)): FlagSet {
  const set = flagSet(text, file, undefined, true);
  if (!('refused' in set)) return set;
  if (set.broken !== undefined) return set.broken;
  throw new Failure('input', `${file}: ${set.refused}`);
}

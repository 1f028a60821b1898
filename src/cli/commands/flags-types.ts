import { messageOf } from '../../core/diagnostics.js';
import { plain } from '../../core/plain.js';
import { flagTypes } from '../../flags/declaration.js';
import { sayFault } from '../../flags/fault.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { documentText, flagsIn } from '../flags-document.js';
import { deliver } from '../terminal.js';

export const flagsTypes = command({
  summary: 'Writes the TypeScript types of a document of flags',
  words: ['<file>'],
  options: {
    out: { type: 'string', value: 'file', help: 'where to; standard output without it' },
  },
  exits: { 1: 'a flag is left out, as it would be rejected' },
  example: 'flags types flags.json --out flags.d.ts',
  run({ values: { out }, words: [file = ''], terminal }) {
    const text = documentText(file);
    deliver(terminal, typesOf(file, text), out);
    const { faults } = flagsIn(file, text);
    for (const fault of faults) terminal.err(`left out: ${plain(sayFault(fault))}\n`);
    return faults.length > 0 ? exits.findings : exits.ok;
  },
});

function typesOf(file: string, text: string): string {
  try {
    return flagTypes(text);
  } catch (cause) {
    throw new Failure('input', `${file}: ${messageOf(cause)}`, { cause });
  }
}

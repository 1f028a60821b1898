import { messageOf } from '../../core/diagnostics.js';
import { flagTypes } from '../../flags/declaration.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { documentText } from '../flags-document.js';
import { deliver } from '../terminal.js';

export const flagsTypes = command({
  summary: 'Writes the TypeScript types of a document of flags',
  words: ['<file>'],
  options: {
    out: { type: 'string', value: 'file', help: 'where to; standard output without it' },
  },
  example: 'flags types flags.json --out flags.d.ts',
  run({ values: { out }, words: [file = ''], terminal }) {
    const text = typesOf(file);
    deliver(terminal, text, out);
    return exits.ok;
  },
});

function typesOf(file: string): string {
  try {
    return flagTypes(documentText(file));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('input', `${file}: ${messageOf(cause)}`, { cause });
  }
}

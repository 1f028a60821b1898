import { plain } from '../../core/plain.js';
import { sayFault, sayWarning } from '../../flags/fault.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { flagsIn } from '../flags-document.js';

export const flagsValidate = command({
  summary: 'Says what is wrong with a document of flags',
  words: ['<file>'],
  options: {
    json: { type: 'boolean', help: 'one JSON object instead of text' },
  },
  exits: { 1: 'a flag would be rejected' },
  example: 'flags validate flags.json',
  run({ values, words: [file = ''], terminal }) {
    const { flags, faults, warnings } = flagsIn(file);
    if (values.json) terminal.out(`${JSON.stringify({ file, flags: flags.size, faults, warnings })}\n`);
    else {
      for (const warning of warnings) terminal.out(`warning: ${plain(sayWarning(warning))}\n`);
      for (const fault of faults) terminal.out(`error: ${plain(sayFault(fault))}\n`);
      const good = flags.size - faults.length;
      terminal.out(`${plain(file)}: ${good} of ${flags.size} flags are good, ${warnings.length} warnings\n`);
    }
    return faults.length > 0 ? exits.findings : exits.ok;
  },
});

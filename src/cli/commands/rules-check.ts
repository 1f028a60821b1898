import { findingText } from '../../alerts/lint/lint.js';
import { plain } from '../../core/plain.js';
import { command } from '../command.js';
import { checked, definitionsIn } from '../definitions.js';
import { exits } from '../exits.js';

export const rulesCheck = command({
  summary: 'Looks at alert rules and says of each fault what to write instead',
  words: ['<file>'],
  options: {
    strict: { type: 'boolean', help: 'warnings count as faults' },
    json: { type: 'boolean', help: 'as JSON: { rules, findings: [{ rule, code, level, message }] }' },
  },
  exits: { 0: 'no fault', 1: 'at least one fault' },
  example: 'rules check ./alerts.js --strict',
  async run({ values, words: [file], terminal }) {
    const { rules, objectives, findings } = checked(await definitionsIn(file), false);
    const faults = findings.filter(({ level }) => values.strict || level === 'error');
    const usable = rules.length + objectives.length;
    if (values.json) terminal.out(`${JSON.stringify({ rules: usable, findings })}\n`);
    else {
      const lines = findings.map((finding) => plain(findingText(finding)));
      terminal.out(`${[...lines, `${usable} can run; ${faults.length} faults`].join('\n')}\n`);
    }
    return faults.length === 0 ? exits.ok : exits.findings;
  },
});

import { dirname, relative, resolve } from 'node:path';
import { fileText } from '../../alerts/generate/prometheus.js';
import { A_DURATION, durationText, secondsOf } from '../../core/duration.js';
import { listed, nearest } from '../../core/nearest.js';
import { version } from '../../core/version.js';
import { flagRules } from '../../verdict/generate/flag-rules.js';
import { flagRulesTests } from '../../verdict/generate/flag-rules-test.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { flagsIn } from '../flags-document.js';
import { deliver } from '../terminal.js';

/** A window below this holds too few looks of a Prometheus to say anything. */
const LEAST_WINDOW_S = 60;

export const rulesFlag = command({
  summary: "Writes Prometheus rules that find a flag's variant that fails more often than its default one",
  options: {
    flag: { type: 'string', value: 'key', required: true, help: 'the flag that is rolled out' },
    control: {
      type: 'string',
      value: 'variant',
      required: true,
      help: 'its default variant: what others are compared with',
    },
    flags: {
      type: 'string',
      value: 'file',
      help: 'the document of flags, which then must have that flag and that variant; when left out, neither is checked',
    },
    window: { type: 'string', value: 'time', default: '30m', help: 'how far back requests count' },
    service: { type: 'string', value: 'name', help: 'the service whose requests count; each by itself when left out' },
    'service-label': { type: 'string', value: 'label', default: 'job', help: 'the label that has its name' },
    out: { type: 'string', value: 'file', help: 'where to write the rules; standard output when left out' },
    tests: { type: 'string', value: 'file', help: 'where to write a test of them, for promtool; needs --out' },
  },
  example: 'rules flag --flag new_checkout --control off --flags flags.json --out flag.yml --tests flag.test.yml',
  run({ values, terminal }) {
    const { flag, control, service, out, tests } = values;
    if (tests !== undefined && out === undefined)
      throw new Failure('usage', '--tests needs --out: promtool reads both');
    const seconds = secondsOf(values.window);
    if (seconds === undefined || seconds < LEAST_WINDOW_S)
      throw new Failure('usage', `--window must be ${A_DURATION}, 1m or more, got "${values.window}"`);
    if (values.flags !== undefined) checkControl(values.flags, flag, control);
    const options = { flag, control, window: durationText(seconds), service, serviceLabel: values['service-label'] };
    const note = `Written by fourlights ${version}: fourlights rules flag`;
    deliver(terminal, fileText(flagRules(options), note), out);
    if (tests !== undefined && out !== undefined) {
      const seen = relative(dirname(resolve(tests)), resolve(out)); // promtool looks from the test file
      deliver(terminal, fileText(flagRulesTests(options, seen), `${note}\npromtool test rules ${tests}`), tests);
    }
    return exits.ok;
  },
});

/** A control that the flag does not have is one that no request ever gets: the rules would be silent for ever. */
function checkControl(file: string, flag: string, control: string): void {
  const { flags } = flagsIn(file);
  const found = flags.get(flag);
  if (found === undefined) {
    const keys = [...flags.keys()];
    const meant = nearest(flag, keys);
    const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
    throw new Failure('usage', `--flag: ${file} has no flag "${flag}"${hint}; known: ${listed(keys)}`);
  }
  if (found.definition === undefined)
    throw new Failure(
      'input',
      `${file}: the flag "${flag}" cannot be read: fourlights flags validate ${file} says why`,
    );
  const variants = [...found.definition.variants.keys()];
  if (!variants.includes(control))
    throw new Failure(
      'usage',
      `--control: "${flag}" in ${file} has no variant "${control}"; known: ${listed(variants)}`,
    );
}

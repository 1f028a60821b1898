import { dirname, relative, resolve } from 'node:path';
import { inhibitions } from '../../alerts/generate/alertmanager.js';
import { fileText, prometheusRules } from '../../alerts/generate/prometheus.js';
import { prometheusTests } from '../../alerts/generate/prometheus-test.js';
import { findingText } from '../../alerts/lint/lint.js';
import { plain } from '../../core/plain.js';
import { version } from '../../core/version.js';
import { businessMetric } from '../business-metrics.js';
import { command } from '../command.js';
import { checked, definitionsIn } from '../definitions.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { deliver } from '../terminal.js';

export const rules = command({
  summary: 'Writes alert rules as a Prometheus rule file, with the same thresholds, windows and times',
  options: {
    from: { type: 'string', value: 'file', help: 'a JavaScript module that exports rules and objectives' },
    'no-defaults': { type: 'boolean', help: 'leave out the rules that come with the library' },
    service: { type: 'string', value: 'name', help: 'the service whose metrics the rules are for; all when left out' },
    'service-label': { type: 'string', value: 'label', default: 'job', help: 'the label that has its name' },
    out: { type: 'string', value: 'file', help: 'where to write the rules; standard output when left out' },
    tests: { type: 'string', value: 'file', help: 'where to write a test of them, for promtool; needs --out' },
    inhibit: { type: 'string', value: 'file', help: "where to write which alerts mute which, for Alertmanager's file" },
  },
  exits: { 1: 'written, but a rule is wrong or Prometheus cannot have it; standard error says which' },
  example: 'rules --from ./alerts.js --service checkout --out rules.yml --tests rules.test.yml',
  async run({ values, terminal }) {
    const { from, out, tests, inhibit, service } = values;
    if (tests !== undefined && out === undefined)
      throw new Failure('usage', '--tests needs --out: promtool reads both');
    const given = checked(await definitionsIn(from), !values['no-defaults']);
    const scope = { service, serviceLabel: values['service-label'] };
    const made = prometheusRules({ ...given, ...scope, business: businessMetric });
    if (made.file.groups.length === 0) throw new Failure('input', 'there is no rule to write');

    const note = `Written by fourlights ${version} from ${from ?? 'its own rules'}; changes belong there.`;
    deliver(terminal, fileText(made.file, note), out);
    if (tests !== undefined && out !== undefined) {
      const seen = relative(dirname(resolve(tests)), resolve(out)); // promtool looks from the test file
      deliver(terminal, fileText(prometheusTests(made, scope, seen), `${note}\npromtool test rules ${tests}`), tests);
    }
    if (inhibit !== undefined) deliver(terminal, fileText(inhibitions(made), note), inhibit);
    const wrong = given.findings.filter(({ level }) => level === 'error').map(findingText);
    const missing = made.leftOut.map(({ rule, reason }) => `${rule}: left out: ${reason}`);
    for (const line of [...wrong, ...missing]) terminal.err(`fourlights: ${plain(line)}\n`);
    return wrong.length + missing.length === 0 ? exits.ok : exits.findings;
  },
});

import { prometheusRules, ruleFileText } from '../../alerts/generate/prometheus.js';
import { lint } from '../../alerts/lint/lint.js';
import { version } from '../../core/version.js';
import { command } from '../command.js';
import { definitionsIn } from '../definitions.js';
import { exits } from '../exits.js';
import { deliver } from '../terminal.js';

export const rules = command({
  summary: 'Writes alert rules as a Prometheus rule file, with the same thresholds, windows and times',
  options: {
    from: { type: 'string', value: 'file', required: true, help: 'a module that exports rules' },
    out: { type: 'string', value: 'file', help: 'where to write the rules; standard output when left out' },
    service: { type: 'string', value: 'name', help: 'the job whose metrics the rules are for; all when left out' },
  },
  example: 'rules --from ./alerts.js --out rules.yml --service checkout',
  async run({ values, terminal }) {
    const definitions = await definitionsIn(values.from);
    const { rules: settled } = lint(definitions.rules);
    const { file } = prometheusRules({ rules: settled, service: values.service });
    deliver(
      terminal,
      ruleFileText(file, `Written by fourlights ${version}: fourlights rules --from ${values.from}`),
      values.out,
    );
    return exits.ok;
  },
});

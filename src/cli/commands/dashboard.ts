import { command } from '../command.js';
import { checked, definitionsIn } from '../definitions.js';
import { exits } from '../exits.js';
import { deliver } from '../terminal.js';

export const dashboard = command({
  summary: 'Writes a Grafana dashboard: the four signals by route, saturation, dependencies, flags, alerts',
  options: {
    from: { type: 'string', value: 'file', help: 'a JavaScript module of rules, whose thresholds are drawn in' },
    'no-defaults': { type: 'boolean', help: 'leave out the thresholds of the rules that come with the library' },
    title: { type: 'string', value: 'text', default: 'Golden signals', help: 'its title' },
    uid: { type: 'string', value: 'text', default: 'fourlights', help: 'its UID: the same one replaces the former' },
    'service-label': { type: 'string', value: 'label', default: 'job', help: "the label that has a service's name" },
    out: { type: 'string', value: 'file', help: 'where to write it; standard output when left out' },
  },
  example: 'dashboard --out grafana.json',
  async run({ values, terminal }) {
    const { rules } = checked(await definitionsIn(values.from), !values['no-defaults']);
    const { title, uid, out } = values;
    const grafana = await import('../../alerts/generate/grafana.js'); // large, and for this command alone
    const made = grafana.dashboard({ title, uid, rules, serviceLabel: values['service-label'] });
    deliver(terminal, `${JSON.stringify(made, null, 2)}\n`, out);
    return exits.ok;
  },
});

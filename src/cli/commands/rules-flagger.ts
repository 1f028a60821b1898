import { version } from '../../core/version.js';
import { yamlText } from '../../core/yaml.js';
import { canaryAnalysis, metricTemplate } from '../../verdict/generate/flagger.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { deliver } from '../terminal.js';

export const rulesFlagger = command({
  summary: "Writes a MetricTemplate for Flagger, and as a comment what belongs into the Canary's analysis",
  options: {
    prometheus: { type: 'string', value: 'url', required: true, help: 'a server that scrapes the pods' },
    url: { type: 'string', value: 'url', help: 'where /verdict is, with its query: webhooks that wait for a pass' },
    name: { type: 'string', value: 'name', default: 'fourlights-evidence', help: 'of the template' },
    out: { type: 'string', value: 'file', help: 'where to write it; standard output when left out' },
  },
  example: 'rules flagger --prometheus http://prometheus:9090 --url "http://checkout:9464/verdict?flag=new_checkout"',
  run({ values, terminal }) {
    const { prometheus, url, name, out } = values;
    const analysis = yamlText({ analysis: canaryAnalysis({ name }, url === undefined ? undefined : { url }) });
    const notes = [
      `Written by fourlights ${version}: fourlights rules flagger`,
      'This belongs into spec of the Canary, beside interval, threshold and steps:',
      ...analysis.trimEnd().split('\n'),
    ];
    const text = notes.map((line) => `# ${line}`).join('\n');
    deliver(terminal, `${text}\n${yamlText(metricTemplate({ name, prometheus }))}`, out);
    return exits.ok;
  },
});

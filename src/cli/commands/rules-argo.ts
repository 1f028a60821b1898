import { version } from '../../core/version.js';
import { yamlText } from '../../core/yaml.js';
import { analysisTemplate } from '../../verdict/generate/argo.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { deliver } from '../terminal.js';

export const rulesArgo = command({
  summary: 'Writes an AnalysisTemplate, by which Argo Rollouts asks for the verdict on a version',
  options: {
    url: { type: 'string', value: 'url', help: 'where /verdict of the service is, without a query' },
    prometheus: {
      type: 'string',
      value: 'url',
      help: 'a server that scrapes both versions; beside --url or instead of it',
    },
    name: { type: 'string', value: 'name', default: 'fourlights-verdict', help: 'of the template' },
    out: { type: 'string', value: 'file', help: 'where to write it; standard output when left out' },
  },
  example: 'rules argo --url http://checkout:9464/verdict --out analysis.yaml',
  run({ values, terminal }) {
    const { url, prometheus, name, out } = values;
    if (url === undefined && prometheus === undefined)
      throw new Failure('usage', 'expected --url, --prometheus or both. See: fourlights rules argo --help');
    const note = `# Written by fourlights ${version}: fourlights rules argo\n`;
    deliver(terminal, `${note}${yamlText(analysisTemplate({ url, prometheus, name }))}`, out);
    return exits.ok;
  },
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/**
 * `fourlights verdict` as a pipeline runs it: 0 promote, 1 roll back, 2 not enough evidence. Only what comes from now on
 * counts: each stage has to show its own evidence. Errors alone are compared: the latency of a machine that does other things at
 * the same time would keep it undecided longer than anybody watches.
 * @param {{ prometheus: string, baseline: string, candidate: string }} of
 * @returns {Promise<number>}
 */
export async function verdict({ prometheus, baseline, candidate }) {
  const versions = ['--prometheus', prometheus, '--baseline', baseline, '--candidate', candidate];
  const times = ['--wait', '4m', '--since', '2s', '--step', '2s', '--min-hold', '10s', '--metrics', 'errors'];
  const program = new URL(bin.fourlights, root).pathname;
  const child = spawn(process.execPath, [program, 'verdict', ...versions, ...times], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  const [code] = await once(child, 'close');
  console.log(text.trimEnd().replace(/^/gm, '    '));
  return code;
}

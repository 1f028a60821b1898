// What it costs to load the library and do nothing with it, beside a program that loads nothing.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { against } from './summary.mjs';
import { inTurns } from './turns.mjs';

const run = promisify(execFile);

const TELL =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); });";
const PROGRAMS = {
  'an empty module': ['module', ''],
  import: ['module', "import 'fourlights';"],
  'an empty script': ['commonjs', ''],
  require: ['commonjs', "require('fourlights');"],
};

/**
 * Added CPU in ms, of `import` and of `require`, in `folder`, where the library is installed.
 * @returns {Promise<{ import: import('./summary.mjs').Spread, require: import('./summary.mjs').Spread }>}
 */
export async function importing(node, folder, rounds) {
  const { runs } = await inTurns(Object.keys(PROGRAMS), rounds, async (name) => {
    const [type, code] = PROGRAMS[name];
    const { stdout } = await run(node, [`--input-type=${type}`, '--eval', TELL + code], { cwd: folder });
    return Number(stdout);
  });
  const added = (name, empty) => against(runs.get(name), runs.get(empty), (mine, other) => mine - other);
  return { import: added('import', 'an empty module'), require: added('require', 'an empty script') };
}

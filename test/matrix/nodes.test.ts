import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { jsonLines, root } from '../package/program.js';
import { nodeBinary } from '../support/node-binary.mjs';
import { matrix } from './lines.js';

matrix(['20', '22', '24', '26']);

test('on a Node below its floor a service runs, and is told once to move on', () => {
  const code = "import { observe } from 'fourlights'; observe();";
  const args = ['--input-type=module', '--eval', code];
  const said = execFileSync(nodeBinary('22.21'), args, { cwd: root, encoding: 'utf8' });
  expect(jsonLines(said)).toMatchObject([{ level: 'warn', code: 'node floor', event: 'fourlights_notice' }]);
}, 600_000);

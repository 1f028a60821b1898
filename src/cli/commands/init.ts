import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { frameworkOf, program, snippets } from '../snippets.js';

/** Prints what to write, and changes nothing. */
export const init = command({
  summary: 'Prints the lines that observe your service, for the framework in its package.json; changes nothing',
  options: {
    dir: { type: 'string', value: 'folder', default: '.', help: 'where package.json is' },
    json: { type: 'boolean', help: 'as JSON: { service, framework, module, install, file, code }' },
  },
  example: 'init --dir ./services/checkout',
  run({ values, terminal }) {
    const found = packageIn(resolve(values.dir));
    const service = found.name.replace(/^@[^/]*\//, '');
    const framework = frameworkOf(found.dependencies);
    const code = program(snippets[framework], service, found.module);
    const file = found.module === 'esm' ? 'app.mjs' : 'app.cjs';
    const install = 'npm install fourlights';
    terminal.out(
      values.json
        ? `${JSON.stringify({ service, framework, module: found.module, install, file, code })}\n`
        : `// ${install}\n// ${file}, with ${framework}\n${code}`,
    );
    return exits.ok;
  },
});

interface Package {
  readonly name: string;
  readonly module: 'esm' | 'commonjs';
  readonly dependencies: readonly string[];
}

function packageIn(folder: string): Package {
  const path = join(folder, 'package.json');
  const unusable = (cause: unknown): Failure =>
    new Failure('input', `${path} cannot be used: ${(cause as Error).message}. --dir says where package.json is.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unusable(cause);
  }
  if (!isObject(content)) throw unusable(new TypeError('it holds no object'));
  const { name, type, dependencies, devDependencies } = content;
  return {
    name: typeof name === 'string' && name !== '' ? name : 'my-service',
    module: type === 'module' ? 'esm' : 'commonjs',
    dependencies: [dependencies, devDependencies].flatMap((all) => (isObject(all) ? Object.keys(all) : [])),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

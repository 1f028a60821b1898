import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, type Snippet } from '../docs/documents.js';

/** What somebody would type: one command, without its comment, continued lines joined. */
export function commandsOf({ code }: Snippet): string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/ && | \| /))
    .map((command) => command.trim().replace(/^(?:[A-Z_]+=\S+ )+/, ''))
    .filter(Boolean);
}

/** Words of a command, quotes taken off. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: object;
  readonly devDependencies: object;
  readonly peerDependencies: object;
}

const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** `bench/` is a package of its own. */
const scripts = { ...JSON.parse(readFileSync(join(root, 'bench/package.json'), 'utf8')).scripts, ...manifest.scripts };
const packages = new Set(
  [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies].flatMap((names) => Object.keys(names)),
);
const NPM = new Set(['ci', 'install', 'init', 'pack']);
/** Programs of others: nothing to look at but their name. */
const FOREIGN = new Set(['docker', 'kubectl', 'pm2', 'promtool', 'cat', 'cd', 'git']);

/** What is wrong with a command of npm, node or others; `undefined`: nothing, or not to be told without running it. */
export function faultOf(command: string): string | undefined {
  const [program = '', ...rest] = wordsOf(command);
  if (program === 'npm') return npmFault(rest);
  if (program === 'node') return nodeFault(rest);
  if (program === 'npx' || program === 'fourlights' || program === 'curl' || FOREIGN.has(program)) return undefined;
  return `"${program}" is no program that is known here`;
}

function npmFault([verb = '', ...rest]: readonly string[]): string | undefined {
  if (verb === 'install') {
    const unknown = rest.filter((name) => !name.startsWith('-') && name !== 'fourlights' && !packages.has(name));
    return unknown.length === 0 ? undefined : `installs ${unknown}, which nothing here has tried`;
  }
  const script = verb === 'run' ? rest[0] : verb;
  return NPM.has(verb) || Object.hasOwn(scripts, script ?? '') ? undefined : `no script "${script}"`;
}

function nodeFault(words: readonly string[]): string | undefined {
  const loaded = words[words.indexOf('--import') + 1] ?? '';
  if (words.includes('--import') && !Object.hasOwn(manifest.exports, loaded.replace(/^fourlights/, '.')))
    return `no export ${loaded}`;
  const program = words.find((word) => word.includes('/') && word.endsWith('js')) ?? '';
  return program === '' || existsSync(join(root, program)) ? undefined : `${program} is not there`;
}

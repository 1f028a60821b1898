/** The public types of the built package as one text, for api.md: `npm run api` writes it, a test compares it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const HEAD = `# API

All types of the package as it is built, for reviews: a change of what users see is a diff of this file. \`npm run api\` writes it after
a change that is meant. What no entry exports is here because an exported type stands on it.
`;

/** @returns {string} */
export function apiReport() {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entries = Object.entries(exports).flatMap(([path, to]) =>
    typeof to === 'string' ? [] : [[path.replace('.', name), join(root, to.import.types)]],
  );
  const own = new Set(entries.map(([, file]) => file));
  const shared = readdirSync(dist)
    .map((file) => join(dist, file))
    .filter((file) => file.endsWith('.d.ts') && !own.has(file))
    .map((file) => [`shared: ${plainName(file)}`, file]);
  return [
    HEAD,
    ...[...entries, ...shared.sort()].map(([title, file]) => section(title, readFileSync(file, 'utf8'))),
  ].join('\n');
}

/** Names of shared files end in a hash of what is in them, and their names are handed over by letters: neither is API. */
function section(title, text) {
  const body = text
    .replace(
      /^import \{(.*)\} from '\.\/(.*)';$/gm,
      (_, names, file) => `import {${byName(names)}} from '${plainName(file)}';`,
    )
    .replace(/^export \{(.*)\} from '\.\/(.*)';$/gm, (_, names, file) => exported(names, ` from '${plainName(file)}'`))
    .replace(/^export (?:type )?\{(.*)\};$/gm, (_, names) => (title.startsWith('shared') ? '' : exported(names)));
  return `## ${title}\n\n\`\`\`ts\n${body.trim()}\n\`\`\`\n`;
}

const plainName = (file) => file.replace(/^.*\//, '').replace(/-[\w-]{8}\.(d\.ts|js)$/, '');
const sorted = (names) =>
  names
    .split(',')
    .map((name) => name.trim().replace(/^(type )?\w{1,2} as /, '$1'))
    .sort();
const byName = (names) => ` ${sorted(names).join(', ')} `;
const exported = (names, from = '') =>
  `export {\n${sorted(names)
    .map((name) => `  ${name},\n`)
    .join('')}}${from};`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, 'api.md'), apiReport());

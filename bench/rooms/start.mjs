// From the start of the process to the first response, and what is installed for it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importing } from '../harness/importing.mjs';
import { installed, packed } from '../harness/install.mjs';
import { failed, figure, range, table } from '../harness/markdown.mjs';
import { withService } from '../harness/service.mjs';
import { against, over } from '../harness/summary.mjs';
import { inTurns } from '../harness/turns.mjs';
import { reasons } from '../report/reasons.mjs';
import { variants } from '../variants.mjs';

export const title = 'Start, and what is installed';

const NAMES = ['bare', 'signals+access-log', 'everything', 'usual-stack'];
const STACK = [
  ...['@opentelemetry/sdk-node', '@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/instrumentation-http'],
  ...[
    '@opentelemetry/instrumentation-express',
    'cls-rtracer',
    'express-prom-bundle',
    'prom-client',
    'pino',
    'pino-http',
  ],
];

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure(bench) {
  const { node, folder, quick, say } = bench;
  const at = (name) => join(folder, `${name}-${Date.now()}`);
  const ours = await installed([await packed(folder)], at('ours'), node);
  say(`  installed: ${ours.packages} packages`);
  const stack = await installed(STACK.map(ranged), at('stack'), node);
  say(`  the usual stack: ${stack.packages} packages`);
  const imports = await importing(node, ours.folder, quick ? 5 : 21);
  say(`  import alone: ${figure(imports.import.median)} ms CPU`);
  const library = join(ours.folder, 'node_modules/fourlights');
  const { runs, failures } = await inTurns(NAMES, quick ? 3 : 9, (name) => started(name, bench, { library }));
  const loaded = {};
  for (const name of runs.keys()) loaded[name] = await files(name, bench, { library });
  const bare = runs.get('bare');
  const rows = [...runs].map(([name, own]) => [
    name,
    {
      wallMs: over(own, (run) => run.wallMs),
      cpuMs: over(own, (run) => run.cpuMs),
      addedMs: against(own, bare, (run, other) => run.cpuMs - other.cpuMs),
      heapBytes: over(own, (run) => run.heapBytes),
      files: loaded[name],
    },
  ]);
  return { rows: Object.fromEntries(rows), share: share(runs), imports, ours, stack, failures };
}

/** @returns {import('../harness/summary.mjs').Spread | null} */
function share(runs) {
  const [bare, everything, stack] = ['bare', 'everything', 'usual-stack'].map((name) => runs.get(name));
  if (!bare || !everything || !stack) return null;
  const added = (run, round) => run.cpuMs - bare[round].cpuMs;
  return over(
    everything.map((run, round) => added(run, round) / added(stack[round], round)),
    Number,
  );
}

const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const ranged = (name) => `${name}@${dependencies[name]}`;

async function started(name, bench, { library }) {
  const began = performance.now();
  const work = async ({ url, ask }) => {
    await (await fetch(`${url}/api/users/1`)).json();
    const wallMs = performance.now() - began;
    const { cpuUs } = await ask('mark');
    bench.say(`  ${name.padEnd(18)} ${figure(cpuUs / 1000)} ms CPU`);
    return { wallMs, cpuMs: cpuUs / 1000, heapBytes: await ask('heap') };
  };
  return withService(variants[name], bench, work, { library, nodeArgs: ['--expose-gc'] });
}

const files = (name, bench, { library }) =>
  withService(variants[name], bench, ({ ask }) => ask('modules'), {
    library,
    nodeArgs: ['--require', './server/modules.cjs'],
  });

const mb = (bytes) => figure(bytes / 2 ** 20);

export function markdown({ rows, share, imports, ours, stack, failures }) {
  const cells = Object.entries(rows).map(([name, { cpuMs, addedMs, wallMs, files, heapBytes }]) => [
    name,
    range(cpuMs),
    range(addedMs),
    range(wallMs),
    String(files),
    mb(heapBytes.median),
  ]);
  const heavy = ours.heaviest.map(({ name, bytes }) => [name, mb(bytes), reasons[name] ?? '']);
  return [
    'From the start of the process to the first response of an Express service, its own loading included; the library as installed from its tarball.',
    table(['variant', 'CPU ms', 'added to bare', 'wall ms', 'files loaded', 'heap MB'], cells),
    share === null ? '' : `CPU added by everything, as a share of what the usual stack adds: ${range(share)}.`,
    imports === undefined
      ? ''
      : `CPU added by loading the package alone to a program that loads nothing: \`import\` ${range(imports.import)} ms, \`require\` ${range(imports.require)} ms.`,
    `Installed with all runtime dependencies: ${ours.packages} packages, ${mb(ours.bytes)} MB; the usual stack: ${stack.packages} packages, ${mb(stack.bytes)} MB.`,
    table(['heaviest packages', 'MB', 'what for'], heavy),
    failed(failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

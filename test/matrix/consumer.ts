import { publicNames } from '../support/public-names.js';

const USES = `
const { admin, traces } = observe({
  service: 'typed',
  http: { ignore: ['/livez'], route: (request) => (request.url === '/' ? '/' : undefined) },
  log: { level: 'debug', accessLog: { sample: 0.5 }, destination: capturedLogs() },
  traces: { ratio: 0.5, keep: { slowerThan: 'p95' }, exporter: memoryExporter() },
  admin: { port: 0 },
  flags: { source: [flagSources.memory({ flags: {} }), './flags.json'] },
  alerts: { sinks: ['log', async (alert) => void alert] },
});
const orders = counter('orders.placed', { unit: '{order}', action: 'look', attributes: { plan: ['free', 'pro'] } });
orders.add(1, { plan: 'pro' });
// @ts-expect-error: attributes are closed sets
orders.add(1, { plan: 'gold' });
// @ts-expect-error: there is no such option
observe({ sevice: 'typed' });
const middleware: ((request: IncomingMessage, response: ServerResponse, next: () => void) => void)[] = [express()];
const row: Promise<number> = dependency('postgres').time('select', async () => 1);
const on: boolean = flags.boolean('on', false, { targetingKey: 'ada' });
const p95: number | null = signals.snapshot().latency.p95;
const worth: string = span('work', (active) => active.spanContext().traceId);
const carried: Record<string, string> = context.inject({});
const listener: RequestListener = admin.handler;
log.info({ on, p95, worth, carried, middleware, listener, kept: traces.kept().length, mocha: koa(), fast: fastify() }, 'typed');
const problem: readonly string[] = new ConfigError(['a']).problems;
void row.then(() => shutdown()).then((report: ShutdownReport) => report.spans.ended + problem.length);
const stopped: Latency | undefined = undefined;
export { stopped };
`;

const NAMES = `ConfigError, context, counter, dependency, flagSources, flags, type Latency, log, observe, type ShutdownReport, shutdown, signals, span`;
const IMPORTS = `
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ${NAMES} } from 'fourlights';
import { goldenSignals as express } from 'fourlights/express';
import { goldenSignals as fastify } from 'fourlights/fastify';
import { goldenSignals as koa } from 'fourlights/koa';
import { capturedLogs, memoryExporter } from 'fourlights/testing';
`;

/** Files by name: one that uses what most services use, and one an entry that names all that it exports. */
export function consumers(end: 'ts' | 'cts'): Record<string, string> {
  const files: Record<string, string> = { [`use.${end}`]: IMPORTS + USES };
  const names = publicNames();
  for (const entry of new Set(names.map((name) => name.entry))) {
    const all = names
      .filter((name) => name.entry === entry)
      .map(({ name, isType }) => (isType ? `type ${name}` : name));
    files[`${entry.replace('/', '-')}.${end}`] = `export { ${all.join(', ')} } from '${entry}';\n`;
  }
  files[`register.${end}`] = "import 'fourlights/register';\n";
  return files;
}

/** As strict as it gets, our declarations not skipped. */
export function tsconfig(resolution: 'node16' | 'bundler'): string {
  const module = resolution === 'bundler' ? 'esnext' : 'node16';
  const options = {
    target: 'es2022',
    lib: ['es2023'],
    module,
    moduleResolution: resolution,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: false,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  return JSON.stringify({ compilerOptions: options, include: [resolution === 'bundler' ? '*.ts' : '*.*ts'] });
}

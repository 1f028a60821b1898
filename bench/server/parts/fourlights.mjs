// BENCH_LIBRARY is the folder of the built library under test, BENCH_SETUP the name of what is on.
import { prefixes } from '../answers.cjs';
import { setups } from '../setups.mjs';

const { BENCH_LIBRARY: library, BENCH_SETUP: setup, BENCH_LOG: destination, BENCH_OTLP: endpoint } = process.env;
const { framework, routes } = JSON.parse(process.env.BENCH_SERVICE);
const { options, flags: declared } = setups[setup];

const known = new Set(prefixes(routes));
function routeOf({ url }) {
  const prefix = url.slice(0, url.lastIndexOf('/'));
  return known.has(prefix) ? prefix : undefined;
}

const { flags, flagSources, observe, shutdown, signals } = await import(`${library}/dist/index.js`);
const { traces } = observe({
  service: 'bench',
  ...options,
  http: { ...(framework === 'http' && { route: routeOf }), ...options.http },
  log: { ...options.log, destination },
  ...(options.traces && { traces: { ...options.traces, endpoint } }),
  ...(declared && { flags: { source: flagSources.memory({ flags: declared }) } }),
});
const [key] = Object.keys(declared ?? {});

const { goldenSignals } = framework === 'http' ? {} : await import(`${library}/dist/${framework}.js`);

export { goldenSignals as express, goldenSignals as koa };

export const work = key && ((targetingKey) => flags.boolean(key, false, { targetingKey }));

export const recorded = setup === 'correlation' ? undefined : () => signals.snapshot().traffic.total;

export async function flush() {
  await shutdown();
  return options.traces ? traces.ledger() : undefined;
}

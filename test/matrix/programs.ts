/** What a stranger writes. Each program tells one line of JSON that begins with `{"told":`. */

type Load = (name: string) => string;

const SUBPATHS = [
  'express',
  'koa',
  'fastify',
  'cls',
  'launchdarkly',
  'unleash',
  'openfeature',
  'redis',
  'testing',
] as const;

const imported: Load = (name) => `await import('${name}')`;
const required: Load = (name) => `require('${name}')`;

/** All of the package at once: subpaths without their peers, one request, a flag, the page, a scrape, spans, the end. */
const service = (load: Load): string => `
  const { flags, flagSources, log, observe } = ${load('fourlights')};
  const subpaths = [${SUBPATHS.map((name) => load(`fourlights/${name}`)).join(', ')}];
  const http = ${load('node:http')};
  const on = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
  const { admin, shutdown, signals } = observe({
    service: 'stranger', admin: { port: 0 }, traces: {}, flags: { source: flagSources.memory({ flags: { on } }) },
  });
  const server = http.createServer((request, response) => {
    log.info('handled');
    response.end(String(flags.boolean('on', false)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = async (port, path) => (await fetch('http://127.0.0.1:' + port + path)).text();
  const flag = await ask(server.address().port, '/');
  const port = await admin.port;
  const page = await ask(port, '/');
  const metrics = await ask(port, '/metrics');
  server.close();
  server.closeAllConnections();
  const { total } = signals.snapshot().traffic;
  const { failures, spans } = await shutdown();
  console.log(JSON.stringify({ told: {
    subpaths: subpaths.filter((names) => Object.keys(names).length > 0).length,
    flag, total, failures, ended: spans.ended,
    page: page.includes('<html'), series: /^http_server_request_duration_seconds_count/m.test(metrics),
  } }));`;

export const SERVICE_TOLD = {
  subpaths: SUBPATHS.length,
  flag: 'true',
  total: 1,
  failures: [],
  ended: 4, // the request as server and as client, and the two of the surface for operators as client
  page: true,
  series: true,
};

export const esm = service(imported);
/** The same without `import()`, as bundlers see it. */
export const cjs = `(async () => {${service(required)}})();`;

/** Both in one process: one instance. */
export const mixed = `
  import { createRequire } from 'node:module';
  import { log, observe } from 'fourlights';
  const ours = createRequire(import.meta.url)('fourlights');
  console.log(JSON.stringify({ told: [observe({ log: { level: 'silent' } }) === ours.observe(), log === ours.log] }));`;

/** No code of ours: it comes by --import or --require. */
export const plain = (load: Load): string => `(async () => {
  const http = ${load('node:http')};
  const server = http.createServer((request, response) => response.end('ok'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await (await fetch('http://127.0.0.1:' + server.address().port)).text();
  server.close();
  server.closeAllConnections();
})();`;
export const plainEsm = plain(imported);
export const plainCjs = plain(required);

/** Ten requests with spans of their own, sent to where OTEL_EXPORTER_OTLP_ENDPOINT says. */
const exportingWith = (traces: string, inside: string): string => `
  import http from 'node:http';
  import { createRequire } from 'node:module';
  import { observe, shutdown, span } from 'fourlights';
  let provider;
  const own = {
    instrumentationName: 'own', instrumentationVersion: '1', enable() {}, disable() {}, setMeterProvider() {},
    setConfig() {}, getConfig: () => ({}), setTracerProvider: (given) => { provider = given; },
  };
  observe({ service: 'stranger', log: { level: 'silent' }, traces: ${traces} });
  const server = http.createServer((request, response) => response.end(span('work', () => { ${inside} return 'done'; })));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (let i = 0; i < 10; i++) await (await fetch('http://127.0.0.1:' + server.address().port)).text();
  server.close();
  server.closeAllConnections();
  const sdk = Object.keys(createRequire(import.meta.url).cache).some((path) => /opentelemetry.sdk-node/.test(path));
  console.log(JSON.stringify({ told: { ...(await shutdown()), sdk } }));`;

export const exporting = exportingWith('{}', '');
/** The same with an instrumentation of the application's: the SDK gives it a provider, and each request a span of its. */
export const instrumented = exportingWith(
  '{ instrumentations: [own] }',
  "provider.getTracer('own').startSpan('theirs').end();",
);

/** What needs an optional peer, used without it; and what each is to say. */
export const WITHOUT_PEERS: Readonly<Record<string, { readonly code: string; readonly says: string }>> = {
  launchdarkly: {
    code: "import { launchDarkly } from 'fourlights/launchdarkly'; launchDarkly(undefined);",
    says: 'npm install @launchdarkly/node-server-sdk@9',
  },
  unleash: {
    code: "import { unleash } from 'fourlights/unleash'; unleash(undefined);",
    says: 'npm install unleash-client@6',
  },
  openfeature: {
    code: "import { fromOpenFeature } from 'fourlights/openfeature'; fromOpenFeature(undefined);",
    says: 'npm install @openfeature/server-sdk@1',
  },
  redis: { code: "import { redis } from 'fourlights/redis'; redis(undefined);", says: 'npm install ioredis@6' },
  cls: { code: "import { engine } from 'fourlights/cls'; engine();", says: 'npm install cls-hooked@4' },
  'the xray exporter': {
    code: `
      import { observe, shutdown, span } from 'fourlights';
      observe({ traces: { exporter: 'xray', region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' } });
      span('work', () => {});
      await shutdown();`,
    says: 'npm install @smithy/signature-v4 @aws-crypto/sha256-js',
  },
};

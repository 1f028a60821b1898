// A service on the built package with everything on, that is asked for its heap, its handles and its accounts.
import http from 'node:http';
import process from 'node:process';
import { flagSources, flags, log, observe, shutdown, signals, span } from 'fourlights';

const { sink, file } = JSON.parse(process.env.SOAK ?? '{}');
const users = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', rollout: 50 };
const observability = observe({
  service: 'soak',
  version: '1',
  environment: 'test',
  http: { route: ({ url = '' }) => (url.startsWith('/users/') ? '/users/:id' : undefined), trust: 'continue' },
  log: { destination: file },
  traces: { exporter: 'otlp', endpoint: `${sink}/v1/traces`, ratio: 0.01, keep: { errors: true, slowerThan: 'p95' } },
  flags: { source: flagSources.memory({ flags: { new_checkout: users } }) },
  alerts: { defaults: true },
  rollouts: { plans: { new_checkout: { stages: [25, 50, 100], minHold: '10s', holdbackFor: '20s' } } },
  admin: { port: 0 },
});

const body = 'x'.repeat(100);
const server = http.createServer((request, response) => {
  const { url, headers } = request;
  const isOn = flags.boolean('new_checkout', false, { targetingKey: url });
  span('work', () => isOn);
  if (headers['x-log'] !== undefined) log.info({ user: url, isOn }, 'handled');
  if (headers['x-fail'] !== undefined) response.statusCode = 500;
  response.end(body);
});

const emitters = [process, server, process.stdout, process.stderr];
const listeners = (emitter) => emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name), 0);

/** Once nothing is under way any more. */
async function sample() {
  const open = () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  while ((await open()) > 0 || signals.snapshot().traffic.inFlight > 0) await pause(10);
  await observability.traces.flush(5000);
  await pause(50);
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await pause(1);
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate').length,
    listeners: emitters.reduce((sum, emitter) => sum + listeners(emitter), 0),
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const answers = {
  sample,
  shutdown: async () => {
    server.close();
    return { report: await shutdown({ timeoutMs: 10_000 }), drops: observability.drops() };
  },
};

process.on('message', async (asked) => process.send({ asked, value: await answers[asked]() }));
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', async () =>
  process.send({ asked: 'start', value: { port: server.address().port, admin: await observability.admin.port } }),
);

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outboxOf } from '../../../src/alerts/notify/outbox.js';
import type { Alert } from '../../../src/alerts/sinks/alert.js';
import { callback } from '../../../src/alerts/sinks/callback.js';
import { sinkOf } from '../../../src/alerts/sinks/sinks.js';
import { systemClock } from '../../../src/core/clock.js';
import { correlationId, observe, shutdown, signals } from '../../../src/index.js';
import { Receiver } from '../receiver.js';

const alert: Alert = {
  ...{ labels: {}, annotations: {}, status: 'firing', startsAtMs: 0, endsAtMs: undefined, flapping: false },
};

let receiver: Receiver;
let box: ReturnType<typeof outboxOf>;

beforeAll(async () => {
  observe({ log: { destination: '/dev/null' }, traces: { exporter: 'memory' }, http: { propagateTo: ['127.0.0.1'] } });
  receiver = await new Receiver().start();
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined };
  box = outboxOf(sinkOf(`webhook:${receiver.url}/hook`, { clock: systemClock, log }), systemClock);
});

afterAll(async () => {
  await box.close(1000);
  receiver.stop();
  await shutdown();
});

test('a notification sent in the midst of a request bears nothing of it, and is no call of the application', async () => {
  let inside: string | undefined;
  const own = outboxOf(
    callback(() => seen.push(correlationId())),
    systemClock,
  );
  const seen: unknown[] = [];
  const server = http.createServer((_request, response) => {
    inside = correlationId();
    box.put({ groupLabels: {}, alerts: [], atMs: 0 });
    own.put({ groupLabels: {}, alerts: [alert], atMs: 0 });
    http.get(`${receiver.url}/own`, (answer) => answer.resume().once('end', () => response.end()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [answer] = await once(http.get({ port, host: '127.0.0.1' }), 'response');
  answer.resume();
  await receiver.has(2);
  server.close();

  const headersTo = (path: string) => receiver.received.find((request) => request.path === path)?.headers ?? {};
  expect(inside).toBeDefined();
  expect(seen).toHaveLength(1);
  expect(seen).not.toContain(inside); // what a callback does belongs to no request
  expect(headersTo('/own')).toMatchObject({ 'x-correlation-id': inside, traceparent: expect.any(String) });
  expect(Object.keys(headersTo('/hook')).sort()).toEqual(['connection', 'content-length', 'content-type', 'host']);
  const { dependencies } = signals.snapshot();
  const calls = Object.values(dependencies).reduce((sum, { traffic }) => sum + traffic.total, 0);
  expect(calls).toBeLessThanOrEqual(1); // the application's own
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { outboxOf } from '../../../src/alerts/notify/outbox.js';
import type { Alert, Message } from '../../../src/alerts/sinks/alert.js';
import { type SinkSource, sinkOf } from '../../../src/alerts/sinks/sinks.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { Receiver } from '../receiver.js';

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };
const alert: Alert = {
  labels: { alertname: 'High', severity: 'critical', service: 'checkout' },
  annotations: { summary: 's', action: 'roll back the last release', value: '12 %' },
  status: 'firing',
  startsAtMs: 0,
  endsAtMs: undefined,
  flapping: false,
};
const message: Message = { groupLabels: { alertname: 'High', service: 'checkout' }, alerts: [alert], atMs: 0 };

let receiver: Receiver;
beforeEach(async () => {
  receiver = await new Receiver().start();
});
afterEach(() => {
  vi.restoreAllMocks();
  receiver.stop();
});

function boxOf(source: SinkSource, clock = manualClock()): ReturnType<typeof outboxOf> {
  return outboxOf(sinkOf(source, { clock, log: silent }), clock, () => 0);
}

describe.each([
  ['webhook', '/hook', '/hook', { version: '4', status: 'firing' }],
  ['slack', '/services/T0', '/services/T0', { text: '[FIRING 1] High (checkout)' }],
  ['alertmanager', '/prefix/', '/prefix/api/v2/alerts', [{ labels: alert.labels }]],
] as const)('%s', (to, path, posted, body) => {
  test('posts JSON to its address, with the headers that were given and none of ours', async () => {
    const box = boxOf({ to, url: receiver.url + path, headers: { authorization: 'Bearer secret' } });
    box.put(message);
    await receiver.has(1);
    await box.close(1000);
    const [request] = receiver.received;
    expect(request?.path).toBe(posted);
    expect(JSON.parse(request?.body ?? '')).toMatchObject(body);
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      ...['authorization', 'connection', 'content-length', 'content-type', 'host'],
    ]);
    expect(box.counts).toMatchObject({ taken: 1, delivered: 1 });
  });
});

test('a server error is tried again, a refusal is not', async () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const clock = manualClock();
  const box = boxOf(`webhook:${receiver.url}`, clock);
  receiver.statuses = [500, 503, 200];
  box.put(message);
  for (const count of [1, 2]) {
    await receiver.has(count);
    await quiet(() => clock.advance(2000));
  }
  await receiver.has(3);
  receiver.statuses = [404];
  box.put(message);
  await receiver.has(4);
  await box.close(1000);
  expect(box.counts).toEqual({ taken: 2, delivered: 1, lost: 1, waiting: 0 });
  const { host } = new URL(receiver.url);
  expect(warn).toHaveBeenCalledWith(
    `alerts sink webhook http://${host}`,
    `an alert did not reach webhook http://${host}: HTTP 404: noted`,
  );

  /** Moves the clock until the next request is on its way: what comes before it has no end that could be waited for. */
  async function quiet(move: () => void): Promise<void> {
    const wanted = receiver.received.length + 1;
    while (receiver.received.length < wanted) {
      move();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});

test('a receiver that is away is counted and told, and nothing is thrown', async () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const clock = manualClock();
  const box = boxOf('webhook:http://127.0.0.1:1', clock);
  box.put(message);
  while (box.counts.lost === 0) {
    clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(warn).toHaveBeenCalledWith(expect.any(String), expect.stringContaining('ECONNREFUSED'));
  await box.close(1000);
});

test('a receiver that never answers gets three seconds, and its connection is closed', async () => {
  vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const clock = manualClock();
  receiver.statuses = [undefined];
  const box = boxOf(`webhook:${receiver.url}`, clock);
  box.put(message);
  await receiver.has(1);
  clock.advance(3000);
  const closed = box.close(1);
  clock.advance(1);
  await closed;
  expect(box.counts).toMatchObject({ lost: 1, waiting: 0 });
});

test('a redirect is not followed', async () => {
  vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const other = await new Receiver().start();
  receiver.statuses = [302];
  receiver.headers = { location: other.url };
  const box = boxOf(`webhook:${receiver.url}`);
  box.put(message);
  await receiver.has(1);
  await box.close(1000);
  expect(box.counts.lost).toBe(1);
  expect(other.received).toEqual([]);
  other.stop();
});

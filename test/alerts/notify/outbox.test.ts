import { afterEach, expect, test, vi } from 'vitest';
import { outboxOf } from '../../../src/alerts/notify/outbox.js';
import type { AlertSink, Message, Pace } from '../../../src/alerts/sinks/alert.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { DeliveryError } from '../../../src/core/outbox.js';
import { manualClock } from '../../../src/testing/manual-clock.js';

const message = (atMs = 0): Message => ({ groupLabels: {}, alerts: [], atMs });

function outbox(deliver: AlertSink['deliver'], pace: Pace = 'group') {
  return outboxOf({ name: 'test', pace, deliver }, manualClock());
}

afterEach(() => vi.restoreAllMocks());

test('what did not reach a sink is counted, and told under the name of the sink', async () => {
  const drop = vi.spyOn(diagnostics, 'drop');
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const box = outbox(() => {
    throw new DeliveryError('HTTP 400', false);
  });
  box.put(message());
  await box.flush();
  expect(drop).toHaveBeenCalledExactlyOnceWith('notifications', 'failed');
  expect(warn).toHaveBeenCalledWith('alerts sink test', 'an alert did not reach test: HTTP 400');
});

test.each([
  ['state', [1, 3]],
  ['group', [1, 2, 3]],
  ['change', [1, 2, 3]],
] as const)('of messages at the pace "%s" that wait, all that are needed are delivered', async (pace, expected) => {
  const got: number[] = [];
  const box = outbox(async ({ atMs }) => {
    await new Promise((resolve) => setImmediate(resolve));
    got.push(atMs);
  }, pace);
  for (const atMs of [1, 2, 3]) box.put(message(atMs));
  await box.flush();
  expect(got).toEqual(expected);
});

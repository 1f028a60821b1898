import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { eventLoopUtilization } from '../../src/saturation/event-loop-utilization.js';
import { SaturationMonitor } from '../../src/saturation/monitor.js';

/** Keeps the loop turning without a rest, so that timers still fire. */
async function busy(forMs: number): Promise<void> {
  for (const end = systemClock.monotonic() + forMs; systemClock.monotonic() < end; await setImmediate()) {
    for (const pause = systemClock.monotonic() + 10; systemClock.monotonic() < pause; );
  }
}

test('a busy loop is full at once however long the process idled before, and idle again after', async () => {
  const monitor = new SaturationMonitor({ clock: systemClock, probes: ['event-loop-utilization'], intervalMs: 200 });
  monitor.start();
  const utilization = () => monitor.read().resources['event-loop-utilization'];
  try {
    await setTimeout(700);
    expect(utilization()?.ratio).toBeLessThan(0.5);
    await busy(650);
    const { ratio, readings: { active_seconds: active } = {} } = utilization() ?? {};
    expect(ratio).toBeGreaterThanOrEqual(0.95);
    expect(active).toBeGreaterThanOrEqual(0.15);
    await setTimeout(650);
    expect(utilization()?.ratio).toBeLessThan(0.5);
  } finally {
    monitor.stop();
  }
});

test('says nothing over less than 50 ms, which one start-up or garbage collection would fill', () => {
  expect(eventLoopUtilization().sample()).toBeUndefined();
});

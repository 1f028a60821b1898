import { expect, test } from 'vitest';
import { SaturationMonitor } from '../../src/saturation/monitor.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const busyFor = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

/** Ticks are moved by hand, so that a machine that is busy itself changes nothing: only the loop's own time counts. */
test('a busy loop shows a utilization of 0.95 or more at the second tick of one second, however long the process idled before', async () => {
  const clock = manualClock();
  const monitor = new SaturationMonitor({ clock, probes: ['event-loop-utilization'], intervalMs: 1_000 });
  monitor.start();
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // the idle time is what is measured
  clock.advance(1_000);
  expect(monitor.read().ratio).toBeLessThan(0.5);
  await new Promise<void>((resolve) => {
    let turns = 0;
    const work = (): void => {
      busyFor(100);
      turns++;
      if (turns % 10 === 0) clock.advance(1_000);
      if (turns < 20) setImmediate(work);
      else resolve();
    };
    setImmediate(work);
  });
  const { worst, ratio } = monitor.read();
  monitor.stop();
  console.info(`busy loop: utilization ${ratio?.toFixed(4)} after 2 s`);
  expect(worst).toBe('event-loop-utilization');
  expect(ratio).toBeGreaterThanOrEqual(0.95);
});

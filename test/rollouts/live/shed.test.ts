import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { FlagClient } from '../../../src/flags/client.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { Admission } from '../../../src/rollouts/admission.js';
import { Rollouts } from '../../../src/rollouts/rollouts.js';
import type { ShedEvent } from '../../../src/rollouts/shed.js';
import { SaturationMonitor } from '../../../src/saturation/monitor.js';
import { Variants } from '../../../src/signals/variants.js';
import { listen, pause, request, stopAll } from '../../http/harness.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await stopAll();
});

const ops = (order: number, more: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'on',
  metadata: { 'ops.shed': order, 'ops.minHold': '3s', ...more },
});

describe('ops flags of a process whose event loop is burning', () => {
  test('go off in order within five seconds, and come back when it is over, without flapping', async () => {
    const flags = new FlagClient(systemClock).start({
      sources: [memory({ flags: { first: ops(1), second: ops(2) } })],
    });
    const monitor = new SaturationMonitor({ clock: systemClock, probes: ['event-loop-utilization'], intervalMs: 1000 });
    const events: ShedEvent[] = [];
    const rollouts = new Rollouts({
      clock: systemClock,
      flags,
      variants: new Variants(systemClock),
      saturation: () => monitor.read(),
      events: [(event) => 'evidence' in event && event.event.startsWith('flag_') && events.push(event as ShedEvent)],
    });
    monitor.start();
    rollouts.start();
    stops.push(
      () => rollouts.stop(),
      () => monitor.stop(),
    );
    const beganAt = systemClock.now();
    let burning = true;
    const burn = (): void => {
      const until = systemClock.monotonic() + 50;
      while (systemClock.monotonic() < until) {
        // that is the load
      }
      if (burning) setImmediate(burn);
    };
    burn();
    await expect.poll(() => flags.boolean('first', true), { timeout: 20_000, interval: 50 }).toBe(false);
    expect(flags.boolean('second', false)).toBe(true);
    const tookMs = (events[0]?.at ?? Number.POSITIVE_INFINITY) - beganAt; // by its own stamp: a loop that burns answers late
    console.info(`the first flag was off after ${Math.round(tookMs)} ms of burning`);
    expect(tookMs).toBeLessThanOrEqual(5_000);
    await expect.poll(() => flags.boolean('second', true), { timeout: 20_000, interval: 50 }).toBe(false);
    burning = false;
    await expect.poll(() => flags.boolean('first', false), { timeout: 40_000, interval: 100 }).toBe(true);
    await pause(3_000);
    expect(events.map(({ event, flag }) => `${event} ${flag}`)).toEqual([
      'flag_shed first',
      'flag_shed second',
      'flag_restored second',
      'flag_restored first',
    ]);
  });
});

describe('a server that asks before it goes on', () => {
  const served = async (admission: Admission, work = (): Promise<void> => Promise.resolve()): Promise<number> =>
    listen(
      createServer((incoming, outgoing) => {
        if (admission.refuses(incoming, outgoing)) return;
        void work().then(() => outgoing.end('done'));
      }),
    );

  test('refuses what changes something while it is read only: 503, and when to come again', async () => {
    const flags = new FlagClient(systemClock).start({
      sources: [
        memory({
          flags: { read_only: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } },
        }),
      ],
    });
    const admission = new Admission({ clock: systemClock, readOnly: flags });
    const port = await served(admission);
    const status = async (method: string): Promise<number> => (await request(port, '/', { method })).status;
    expect([await status('POST'), await status('GET')]).toEqual([200, 200]);
    flags.override('read_only', true);
    const { status: refused, headers, body } = await request(port, '/', { method: 'DELETE' });
    expect({ refused, retry: headers['retry-after'], body }).toEqual({
      refused: 503,
      retry: '30',
      body: 'read only, try again later\n',
    });
    for (const method of ['POST', 'PUT', 'PATCH', 'PROPFIND']) expect(await status(method)).toBe(503);
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE']) expect(await status(method)).toBe(200);
    flags.lift('override', 'read_only');
    expect(await status('POST')).toBe(200);
    flags.shed('read_only', 'the disk is full');
    expect(await status('POST')).toBe(503);
    expect(admission.refused).toEqual({ 'read only': 6 });
  });

  test('takes no more at a time than its limit, and says 503 to the rest', async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const admission = new Admission({ clock: systemClock, limit: { start: 5 } });
    const port = await served(admission, () => opened);
    const answers = Array.from({ length: 12 }, () => request(port));
    await expect.poll(() => admission.refused['overloaded']).toBe(7);
    open();
    const statuses = (await Promise.all(answers)).map(({ status }) => status).sort();
    expect(statuses).toEqual([...new Array(5).fill(200), ...new Array(7).fill(503)]);
    await expect.poll(() => admission.limit?.inFlight).toBe(0);
  });

  test('gives the place of a client that left to the next', async () => {
    const admission = new Admission({ clock: systemClock, limit: { start: 4, least: 4 } });
    const port = await served(admission, () => new Promise(() => {}));
    const leaving = new AbortController();
    const gone = Array.from({ length: 4 }, () => request(port, '/', { signal: leaving.signal }).catch(() => 'left'));
    await expect.poll(() => admission.limit?.inFlight).toBe(4);
    leaving.abort();
    await Promise.all(gone);
    await expect.poll(() => admission.limit?.inFlight).toBe(0);
  });

  test('with nothing asked for refuses nothing', async () => {
    const port = await served(new Admission({ clock: systemClock }));
    expect((await request(port, '/', { method: 'POST' })).status).toBe(200);
  });
});

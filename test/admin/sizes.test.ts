import { expect, test } from 'vitest';
import { snapshot } from '../../src/admin/api/snapshot.js';
import type { AdminSources } from '../../src/admin/api/sources.js';
import { History } from '../../src/admin/history.js';
import { FlagClient } from '../../src/flags/client.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended } from '../support/exchanges.js';

const ROUTES = 200;

test(`a snapshot of ${ROUTES} routes is at most 100 KB, made once a second however many ask, and told in a few ms`, () => {
  const clock = manualClock();
  const signals = new Signals(clock, () => ({ worst: null, ratio: null, resources: {} }));
  for (let route = 0; route < ROUTES; route++) {
    for (let i = 0; i < 60; i++) {
      signals.start();
      signals.end(
        ended({
          route: `/api/v1/tenants/:tenant/resources-${route}/:id`,
          durationMs: 1 + route * i,
          endedMs: clock.monotonic(),
        }),
      );
    }
  }
  let made = 0;
  const sources: AdminSources = {
    clock,
    who: { service: 'checkout', version: '1', environment: 'test' },
    instance: 'host:1',
    snapshot: () => {
      made++;
      return signals.snapshot();
    },
    kept: undefined,
    ledger: () => ({ ended: 0, delivered: 0, dropped: {}, queued: 0 }),
    flags: new FlagClient(clock),
    drops: () => ({}),
    lines: () => ({ written: 0, dropped: 0, pending: 0 }),
    configuration: () => ({}),
    tell: () => {},
  };
  const resource = snapshot(sources, { history: new History(sources) });
  const ask = () => resource.read?.(new URLSearchParams(), undefined);
  const first = ask();
  const json = first !== undefined && 'json' in first ? first.json : '';
  const took: number[] = [];
  for (let i = 0; i < 50; i++) {
    clock.advance(1000);
    const began = performance.now();
    ask();
    took.push(performance.now() - began);
  }
  for (let page = 0; page < 50; page++) ask();
  took.sort((a, b) => a - b);
  console.log(
    `snapshot of ${ROUTES} routes: ${json.length} bytes, median ${took[25]?.toFixed(1)} ms, longest ${took[49]?.toFixed(1)} ms`,
  );
  expect(JSON.parse(json).routes).toHaveLength(ROUTES);
  expect(json.length).toBeLessThanOrEqual(100_000);
  expect(made).toBe(51);
});

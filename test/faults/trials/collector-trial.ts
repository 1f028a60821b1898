import { expect } from 'vitest';
import { until } from '../../support/until.js';
import { type BehaviourName, Collector } from '../../traces/export/collector.js';
import type { Figure } from '../fault.js';
import type { Scene } from '../scene.js';
import type { Host } from '../service/host.js';
import { type Cost, costOf } from './load.js';

export interface Trial {
  readonly exporter: 'otlp' | 'zipkin';
  /** What the collector does; `refused` is nobody at its port. */
  readonly behaviour: BehaviourName | 'refused';
  /** Whether spans arrive all the same, so that there is nothing to tell. */
  readonly arrives?: boolean;
}

const LONG = { seconds: 60, rate: 1000 };
const SPANS_WAITING = 2048;
const DETAIL = /^traces\.export\.(otlp|zipkin)\./;

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Spans for a collector that fails, heals, fails again, and is failing when the service shuts down. */
export async function suffered(scene: Scene, trial: Trial): Promise<Figure> {
  const { exporter, behaviour, arrives = false } = trial;
  const collector = await collectorOf(scene, trial);
  const host = await scene.host({
    argument: { exporter, endpoint: exporter === 'zipkin' ? `${collector.url}/api/v2/spans` : collector.url },
    options: ({ argument }) => ({ traces: argument, log: { accessLog: false } }),
  });
  const wallBegan = Date.now();
  const cost = scene.long && exporter === 'otlp' ? await compared(scene, host) : undefined;
  await host.requests(200, '/work');
  let toldMs = 0;
  if (!arrives) {
    await until(() => told(host, 'failing') > 0);
    const [notice] = host.notices(DETAIL);
    toldMs = Date.parse(String(notice?.['timestamp'])) - wallBegan;
  }
  const queued = await host.run(({ observability }) => observability.traces.ledger().queued);
  expect(queued).toBeLessThanOrEqual(SPANS_WAITING);

  const healed = await heal(scene, collector, trial);
  await host.requests(50, '/work');
  if (!arrives) await until(() => told(host, 'recovered') > 0, 60_000);
  // At the full rate more spans end than a collector takes in three seconds: that is told, each time with its end.
  const overflows = scene.long && behaviour === 'slow 3 s';
  if (overflows) expect(told(host, 'failing')).toBe(told(host, 'recovered'));
  else expect([told(host, 'failing'), told(host, 'recovered')]).toEqual(arrives ? [0, 0] : [1, 1]);

  if (behaviour === 'refused') await healed.close();
  else healed.behaviour = behaviour;
  await host.requests(200, '/work');
  const { durationMs, failures, spans } = await host.shutdown();
  const unaccounted = spans.ended - spans.delivered - total(spans.dropped);
  expect({ failures, unaccounted }).toEqual({ failures: [], unaccounted: 0 });
  if (exporter === 'otlp') {
    const arrived = collector.spanIds.length + (healed === collector ? 0 : healed.spanIds.length);
    expect(arrived).toBeGreaterThanOrEqual(spans.delivered);
    if (behaviour !== 'slow 3 s') expect(arrived).toBe(spans.delivered);
  }
  const words = overflows
    ? 'an overflowing queue told, and its end'
    : arrives
      ? 'nothing to tell'
      : `told after ${(toldMs / 1000).toFixed(1)} s and at its end`;
  return {
    text: `${words}; ${spans.ended} spans = ${spans.delivered} delivered + ${total(spans.dropped)} dropped; shutdown ${Math.round(durationMs)} ms${cost === undefined ? '' : `; ${cost.text}`}`,
    measured: {
      spansUnaccounted: unaccounted,
      shutdownMs: durationMs,
      shutdownFailures: failures.length,
      ...(arrives ? {} : { toldMs, warnings: 1, recoveries: 1 }),
      ...cost?.measured,
    },
    ...(cost?.beyond === undefined ? {} : { beyond: cost.beyond }),
  };
}

const told = (host: Host, what: string): number =>
  host.notices(DETAIL).filter(({ code }) => String(code).endsWith(what)).length;

async function collectorOf(scene: Scene, { behaviour }: Trial): Promise<Collector> {
  const collector = await new Collector().listen();
  if (behaviour === 'refused') await collector.close();
  else {
    collector.behaviour = behaviour;
    scene.later(collector, (each) => each.close());
  }
  return collector;
}

async function heal(scene: Scene, collector: Collector, { behaviour }: Trial): Promise<Collector> {
  if (behaviour === 'refused') return scene.later(await new Collector().listen(collector.port), (each) => each.close());
  collector.behaviour = 'ok';
  return collector;
}

/** Beside a service of the same kind whose collector is well, one minute of each, in turn. */
async function compared(scene: Scene, host: Host): Promise<Figure> {
  const well = scene.later(await new Collector().listen(), (each) => each.close());
  const healthy = await scene.host({
    argument: { endpoint: well.url },
    options: ({ argument }) => ({ traces: argument, log: { accessLog: false } }),
  });
  for (const each of [host, healthy]) await costOf(each, '/work', { seconds: 5, rate: 1000 });
  const [mine, other] = [await costOf(host, '/work', LONG), await costOf(healthy, '/work', LONG)];
  const share = (of: (cost: Cost) => number): number => 100 * (of(mine) / of(other) - 1);
  const [cpu, p99, rss] = [share((cost) => cost.cpuUs), share((cost) => cost.p99Ms), mine.rssMb - other.rssMb];
  expect(mine.failed).toBe(0);
  return {
    text: `CPU ${Math.round(mine.cpuUs)} us per request, healthy ${Math.round(other.cpuUs)}; p99 ${mine.p99Ms} ms, healthy ${other.p99Ms}; memory ${Math.round(mine.rssMb)} MiB, healthy ${Math.round(other.rssMb)}`,
    measured: { cpuAddedShare: cpu, p99AddedShare: p99, rssAddedMb: rss },
    beyond:
      'load generator, collectors and tests share two cores with the service, and p99 comes in whole milliseconds',
  };
}

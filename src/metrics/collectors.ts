import { guard } from '../core/guard.js';
import type { Table } from '../core/table.js';
import { alerts } from './collectors/alerts.js';
import { business } from './collectors/business.js';
import { caches } from './collectors/caches.js';
import { dependencies } from './collectors/dependencies.js';
import { drops } from './collectors/drops.js';
import { eventLoop } from './collectors/event-loop.js';
import { flagSources } from './collectors/flag-sources.js';
import { flags } from './collectors/flags.js';
import { gc } from './collectors/gc.js';
import { httpServer } from './collectors/http-server.js';
import { pools } from './collectors/pools.js';
import { processMetrics } from './collectors/process.js';
import { queues } from './collectors/queues.js';
import { rollouts } from './collectors/rollouts.js';
import { saturation } from './collectors/saturation.js';
import { serviceInfo } from './collectors/service-info.js';
import { spans } from './collectors/spans.js';
import type { Collector, Family } from './family.js';
import type { MetricSources } from './sources.js';

/**
 * What is collected, in the order of the text. A new one is a file and a line here. The largest comes last: what is over
 * the limit of bytes is cut at the end.
 */
export const collectors = {
  'service-info': (from) => from.identity && serviceInfo(from.identity),
  saturation: (from) => from.saturation && saturation(from.saturation),
  'event-loop': (from) => from.saturation && eventLoop(from.saturation),
  gc: (from) => from.gc && gc(from.gc),
  process: () => processMetrics(),
  drops: (from) => drops(from.drops),
  spans: (from) => from.spans && spans(from.spans),
  flags: (from) => from.variants && flags(from.variants),
  'flag-sources': (from) => from.flagSources && flagSources(from.flagSources),
  alerts: (from) => from.alerts && alerts(from.alerts, from.budgets ?? (() => [])),
  rollouts: (from) => from.rollouts && rollouts(from.rollouts),
  pools: (from) => from.pools && pools(from.pools),
  caches: (from) => from.dependencies && caches(from.dependencies),
  queues: (from) => from.dependencies && queues(from.dependencies),
  business: (from) => from.business && business(from.business),
  dependencies: (from) => from.dependencies && dependencies(from.dependencies),
  'http-server': (from) => from.http && httpServer(from.http),
} as const satisfies Table<(from: MetricSources) => Collector | undefined>;

/** All families of this process. A collector that throws is told and leaves out its own alone. */
export function allFamilies(sources: MetricSources): Collector {
  const made = Object.entries(collectors).flatMap(([name, make]) => {
    const collect = make(sources);
    return collect === undefined ? [] : [{ name, collect }];
  });
  return () => {
    const families: Family[] = [];
    for (const { name, collect } of made) guard(`metrics collector "${name}"`, () => void families.push(...collect()));
    return families;
  };
}

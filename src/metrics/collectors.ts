import { guard } from '../core/guard.js';
import type { Table } from '../core/table.js';
import { drops } from './collectors/drops.js';
import { eventLoop } from './collectors/event-loop.js';
import { flags } from './collectors/flags.js';
import { httpServer } from './collectors/http-server.js';
import { processMetrics } from './collectors/process.js';
import { saturation } from './collectors/saturation.js';
import { spans } from './collectors/spans.js';
import type { Collector, Family } from './family.js';
import type { MetricSources } from './sources.js';

/**
 * What is collected, in the order of the text. A new one is a file and a line here. The largest comes last: what is over
 * the limit of bytes is cut at the end.
 */
export const collectors = {
  saturation: (from) => from.saturation && saturation(from.saturation),
  'event-loop': (from) => from.saturation && eventLoop(from.saturation),
  process: () => processMetrics(),
  drops: (from) => drops(from.drops),
  spans: (from) => from.spans && spans(from.spans),
  flags: (from) => from.flags && flags(from.flags),
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

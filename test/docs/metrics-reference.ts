import { fleetHealth } from '../../src/metrics/collectors/fleet-health.js';
import { scrapeHealth } from '../../src/metrics/collectors/scrape-health.js';
import { allFamilies } from '../../src/metrics/collectors.js';
import type { Family } from '../../src/metrics/family.js';
import { sampleName } from '../../src/metrics/format.js';
import type { DependencyCounts } from '../../src/metrics/sources.js';
import { everySource } from '../metrics/every-source.js';
import { table } from './tables.js';

/** A queue whose oldest entry has an age. */
const jobs: DependencyCounts = {
  ...{ name: 'jobs', kind: 'declared', system: undefined, inFlight: 0, aborted: 0, cache: undefined },
  ...{ queue: { depth: 1, oldestAgeSeconds: 4 }, durations: new Map() },
};

/** Readings of a resource have names of their own, by the probe. */
const isReading = ({ name }: Family): boolean => name.startsWith('saturation.');

/** Every family that is the library's own. */
export function families(): readonly Family[] {
  const dependencies = () => [...everySource.dependencies(), jobs];
  const sources = { ...everySource, dependencies, business: undefined };
  const all = [...allFamilies(sources)(), ...scrapeHealth(0, 0), ...fleetHealth([0])];
  return all.filter((family) => !isReading(family));
}

export function metricsReference(): string {
  const rows = families().map((family) => [
    `\`${sampleName(family)}\`<br>\`${family.name}\``,
    family.type,
    `\`${family.unit}\``,
    labels(family),
    family.help,
    family.action,
  ]);
  return table(['Prometheus<br>OTLP', 'type', 'unit', 'labels', 'what it is', 'what to do when it moves'], rows);
}

function labels({ points }: Family): string {
  const names = new Set(points.flatMap((point) => Object.keys(point.labels)));
  return [...names].map((name) => `\`${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}\``).join(', ');
}

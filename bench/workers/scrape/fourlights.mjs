import { bundled } from '../../harness/bundle.mjs';
import { exchange } from '../exchange.mjs';

const EXPORTS = [
  "{ Exposition } from './src/metrics/exposition.ts'",
  "{ allFamilies } from './src/metrics/collectors.ts'",
  "{ SeriesRegistry } from './src/signals/series.ts'",
  "{ systemClock } from './src/core/clock.ts'",
  "{ diagnostics } from './src/core/diagnostics.ts'",
];
/** Series of one registry; beyond, it folds. */
const CAP = 1000;

/** @param {string} source repository it is built from */
export async function fourlights(source) {
  const { Exposition, allFamilies, SeriesRegistry, systemClock, diagnostics } = await bundled(EXPORTS, source);
  diagnostics.speakThrough(() => {});
  const exposed = (series, options) => {
    const http = { inFlight: 0, series };
    const families = allFamilies({ clock: systemClock, drops: () => diagnostics.drops(), http });
    return new Exposition({ clock: systemClock, families, ...options });
  };
  return {
    /** Several registries stand for a service with a higher cap. */
    ofSeries(all) {
      const registries = Array.from({ length: Math.ceil(all.length / CAP) }, () => new SeriesRegistry());
      const exposition = exposed(() => registries.flatMap((registry) => registry.all()), { maxBytes: 100e6 });
      return {
        record: () => {
          all.forEach(({ route, method, status }, i) => {
            registries[Math.floor(i / CAP)].record(exchange(route, method, status));
          });
        },
        scrape: async () => (await exposition.render()).body.length,
      };
    },

    /** Somebody made routes of paths: so many URLs, one request each. */
    async ofUrls(count) {
      const registry = new SeriesRegistry();
      for (let i = 0; i < count; i++) registry.record(exchange(`/users/${i}`, 'GET', i % 10 === 0 ? 404 : 200));
      const exposition = exposed(() => registry.all());
      const began = performance.now();
      const { body } = await exposition.render();
      return { count, bytes: body.length, ms: performance.now() - began };
    },
  };
}

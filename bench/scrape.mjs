// What one scrape costs: the text of so many duration histograms of 14 buckets, beside prom-client and OpenTelemetry's
// exporter, in one process and in turns. Every series has a new value before every scrape. The clock runs from the call
// to the last byte in memory; the network is apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { build } from 'esbuild';
import promClient from 'prom-client';

const ROUNDS = 25;
const WARM_UP = 5;
const SIZES = [300, 3000];
const URLS = 1_000_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const { Exposition, allFamilies, SeriesRegistry, systemClock, diagnostics } = await ours();

/** The parts under test, from the source: they have no public names. */
async function ours() {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-scrape-'));
  const outfile = join(folder, 'parts.mjs');
  const contents = `
    export { Exposition } from './src/metrics/exposition.ts';
    export { allFamilies } from './src/metrics/collectors.ts';
    export { SeriesRegistry } from './src/signals/series.ts';
    export { systemClock } from './src/core/clock.ts';
    export { diagnostics } from './src/core/diagnostics.ts';`;
  await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, platform: 'node', format: 'esm' });
  const parts = await import(pathToFileURL(outfile));
  rmSync(folder, { recursive: true });
  return parts;
}

const exchange = (route, method, status) => ({
  ...{ route, method, status, outcome: 'ok', errorType: undefined, startedMs: 0, firstByteMs: 1, lastByteMs: 1 },
  durationMs: Math.random() * 400,
});

/** 200 routes at most, so that nothing is folded: the rest of the series are methods and statuses. */
function seriesOf(count) {
  const routes = Math.min(200, count);
  return Array.from({ length: count }, (_, i) => ({
    route: `/api/v1/resources-${i % routes}/:id`,
    method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'][Math.floor(i / routes) % 5],
    status: [200, 404, 500][Math.floor(i / routes / 5) % 3],
  }));
}

function fourlights(all) {
  // Beyond 1000 a registry folds; several stand for a service with a higher cap.
  const registries = [];
  for (let i = 0; i < all.length; i += 1000) registries.push(new SeriesRegistry());
  const http = { inFlight: 0, series: () => registries.flatMap((registry) => registry.all()) };
  const families = allFamilies({ clock: systemClock, drops: () => diagnostics.drops(), http });
  const exposition = new Exposition({ clock: systemClock, families, maxBytes: 100e6 });
  return {
    record: () => {
      all.forEach(({ route, method, status }, i) => {
        registries[Math.floor(i / 1000)].record(exchange(route, method, status));
      });
    },
    scrape: async () => (await exposition.render()).body.length,
  };
}

function prom(all) {
  const registry = new promClient.Registry();
  const histogram = new promClient.Histogram({
    ...{ name: 'http_server_request_duration_seconds', help: 'Duration', registers: [registry] },
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  });
  return {
    record: () => {
      for (const { route, method, status } of all) {
        const labels = { http_request_method: method, http_route: route, http_response_status_code: status };
        histogram.observe(labels, Math.random() * 0.4);
      }
    },
    scrape: async () => Buffer.from(await registry.metrics()).length,
  };
}

function openTelemetry(all) {
  class Pull extends MetricReader {
    async onForceFlush() {}
    async onShutdown() {}
  }
  const reader = new Pull({
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    cardinalitySelector: () => 100_000,
  });
  const histogram = new MeterProvider({ readers: [reader] })
    .getMeter('bench')
    .createHistogram('http.server.request.duration', {
      unit: 's',
      advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
    });
  const serializer = new PrometheusSerializer();
  return {
    record: () => {
      for (const { route, method, status } of all) {
        const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
        histogram.record(Math.random() * 0.4, attributes);
      }
    },
    scrape: async () => Buffer.from(serializer.serialize((await reader.collect()).resourceMetrics)).length,
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(`Node ${process.version}. ${ROUNDS} scrapes of each, in turns, after ${WARM_UP}.\n`);
console.log('| series | who | first ms | median ms (min..max) | bytes |\n| ---: | --- | ---: | ---: | ---: |');
for (const size of SIZES) {
  const all = seriesOf(size);
  const rivals = Object.entries({ fourlights, 'prom-client': prom, OpenTelemetry: openTelemetry }).map(
    ([name, make]) => ({ name, ...make(all), times: [], bytes: 0, first: 0 }),
  );
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const rival of rivals) {
      rival.record();
      const began = performance.now();
      rival.bytes = await rival.scrape();
      const ms = performance.now() - began;
      if (round === -WARM_UP) rival.first = ms;
      if (round >= 0) rival.times.push(ms);
    }
  }
  for (const { name, times, bytes, first } of rivals) {
    const range = `${median(times).toFixed(2)} (${Math.min(...times).toFixed(2)}..${Math.max(...times).toFixed(2)})`;
    console.log(`| ${size} | ${name} | ${first.toFixed(1)} | ${range} | ${bytes} |`);
  }
}

diagnostics.speakThrough(() => {});
const registry = new SeriesRegistry();
for (let i = 0; i < URLS; i++) registry.record(exchange(`/users/${i}`, 'GET', i % 10 === 0 ? 404 : 200));
const http = { inFlight: 0, series: () => registry.all() };
const families = allFamilies({ clock: systemClock, drops: () => diagnostics.drops(), http });
const exposition = new Exposition({ clock: systemClock, families });
const began = performance.now();
const { body } = await exposition.render();
console.log(
  `\n${URLS} distinct URLs as routes: ${body.length} bytes, first scrape ${(performance.now() - began).toFixed(1)} ms.`,
);

// What one scrape costs: the text of so many duration histograms of 14 buckets, in one process and in turns. Every series has a new
// value before every scrape, and an empty nursery, so that nobody pays for the garbage of the one before. The clock runs from the call to the
// last byte in memory; the network is apart. Needs --expose-gc.
import { answer } from '../harness/answer.cjs';
import { fourlights } from './scrape/fourlights.mjs';
import { openTelemetry } from './scrape/opentelemetry.mjs';
import { prom } from './scrape/prom-client.mjs';
import { seriesOf } from './scrape/series.mjs';

const WARM_UP = 5;

/** @param {{ source: string, sizes: number[], rounds: number, urls: number }} what */
async function scrapes({ source, sizes, rounds, urls }) {
  const ours = await fourlights(source);
  const makers = { fourlights: ours.ofSeries, 'prom-client': prom, OpenTelemetry: openTelemetry };
  const rows = [];
  for (const size of sizes) rows.push(...(await ofSize(makers, seriesOf(size), rounds)));
  return { rows, urls: await ours.ofUrls(urls) };
}

async function ofSize(makers, all, rounds) {
  const rivals = Object.entries(makers).map(([name, make]) => ({ name, ...make(all), ms: [], bytes: 0, firstMs: 0 }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const rival of rivals) {
      rival.record();
      globalThis.gc({ type: 'minor' });
      const began = performance.now();
      rival.bytes = await rival.scrape();
      const ms = performance.now() - began;
      if (round === -WARM_UP) rival.firstMs = ms;
      if (round >= 0) rival.ms.push(ms);
    }
  }
  return rivals.map(({ name, ms, bytes, firstMs }) => ({ size: all.length, name, ms, bytes, firstMs }));
}

answer({ scrapes });

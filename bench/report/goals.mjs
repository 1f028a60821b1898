import { beside, farthest, flag, flagBytes, long, net, part, scraped, service, throughput, urls } from './figures.mjs';

/** @typedef {import('../harness/summary.mjs').Spread & { note?: string }} Spread */
/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {'>=' | '<='} sense
 * @property {number | Record<string, number>} limit one figure, or one for each line of Node
 * @property {(rooms: any) => Spread | number | undefined} of the figure; `undefined` when it was not measured
 * @property {string} unit
 * @property {string} key in standing.mjs
 */

/** @type {Goal[]} */
export const goals = [
  {
    ...{ key: 'everything', what: 'Everything on, Express 5: requests/s', unit: 'of bare', sense: '>=' },
    ...{ limit: { 20: 0.8, 24: 0.7 }, of: (rooms) => throughput(rooms, 'everything') },
  },
  {
    ...{ key: 'everything', what: 'Everything on, Express 5: added CPU', unit: "of the usual stack's", sense: '<=' },
    ...{ limit: 0.125, of: (rooms) => rooms.service?.shares.express },
  },
  {
    ...{
      key: 'everything',
      what: 'Signals, correlation, access log, Express 5: added CPU',
      unit: "of the usual stack's",
    },
    ...{ sense: '<=', limit: 0.25, of: (rooms) => rooms.service?.shares.accessLog },
  },
  {
    ...{ key: 'koa', what: 'Everything on, Koa 3: added CPU', unit: "of Express's", sense: '<=', limit: 1 },
    of: (rooms) => beside(rooms, 'koa-everything'),
  },
  {
    ...{ key: 'http', what: 'Everything on, plain http: added CPU', unit: "of Express's", sense: '<=', limit: 1 },
    of: (rooms) => beside(rooms, 'http-everything'),
  },
  {
    ...{ key: 'signals', what: 'Signals and correlation only, Express 5: requests/s', unit: 'of bare', sense: '>=' },
    ...{ limit: { 20: 0.93, 24: 0.9 }, of: (rooms) => throughput(rooms, 'signals') },
  },
  {
    ...{ key: 'latency', what: 'Record a latency, without the loop around it', unit: 'ns', sense: '<=', limit: 60 },
    of: (rooms) => net(rooms, 'latency, recorded'),
  },
  {
    ...{ key: 'span', what: 'A span that is not kept', unit: 'ns', sense: '<=', limit: 1500 },
    of: (rooms) => part(rooms, 'span, not kept'),
  },
  {
    ...{ key: 'line', what: 'Enriched log line', unit: 'of plain pino in batches', sense: '<=', limit: 1.05 },
    of: (rooms) => rooms.parts?.ratios['plain pino, asynchronous in batches of 4 KB'],
  },
  {
    ...{ key: 'entry', what: 'Context entry: correlation alone, plain http', unit: 'us', sense: '<=', limit: 6 },
    of: (rooms) => service(rooms, 'http-correlation')?.addedUs,
  },
  {
    ...{ key: 'flags', what: 'Flag check, by key', unit: 'ns', sense: '<=', limit: 25 },
    of: (rooms) => flag(rooms, 'plain'),
  },
  {
    ...{ key: 'flags', what: 'Flag check, 25 % rollout', unit: 'ns', sense: '<=', limit: 100 },
    of: (rooms) => flag(rooms, 'rollout'),
  },
  {
    ...{ key: 'flags', what: 'Flag check, three rules', unit: 'ns', sense: '<=', limit: 150 },
    of: (rooms) => flag(rooms, 'rules'),
  },
  {
    // The smallest object has 16; less than one in a check is what the loop itself leaves.
    ...{ key: 'flags', what: 'Flag check: allocated, at most', unit: 'bytes', sense: '<=', limit: 2, of: flagBytes },
  },
  {
    ...{ key: 'flags', what: '1000 flags loaded', unit: 'ms', sense: '<=', limit: 30 },
    of: (rooms) => rooms.flags?.rows['fourlights, by key'].loadMs,
  },
  {
    ...{ key: 'scrape', what: 'Scrape of 300 series', unit: 'ms', sense: '<=', limit: 3 },
    of: (rooms) => scraped(rooms, 300),
  },
  {
    ...{ key: 'scrape', what: 'Scrape of 3000 series', unit: 'ms', sense: '<=', limit: 30 },
    of: (rooms) => scraped(rooms, 3000),
  },
  {
    ...{ key: 'scrape', what: 'First scrape after 1e6 distinct URLs', unit: 'ms', sense: '<=', limit: 50 },
    of: (rooms) => urls(rooms)?.ms,
  },
  {
    ...{ key: 'scrape', what: 'Scrape after 1e6 distinct URLs', unit: 'bytes', sense: '<=', limit: 1e6 },
    of: (rooms) => urls(rooms)?.bytes,
  },
  {
    ...{ key: 'flat', what: 'CPU per request, 1 to 1000 routes: farthest from that of one', unit: '', sense: '<=' },
    ...{ limit: 0.05, of: (rooms) => farthest(rooms.growth?.routes) },
  },
  {
    ...{ key: 'flat', what: 'CPU per request over time: last by first stretch', unit: '', sense: '<=', limit: 1.05 },
    of: (rooms) => rooms.growth?.requests && long(rooms.growth.requests)?.drift,
  },
  {
    ...{ key: 'flat', what: 'Heap slope', unit: 'bytes per 1000 requests', sense: '<=', limit: 1024 },
    of: (rooms) => rooms.growth?.requests && long(rooms.growth.requests)?.bytesPerThousand,
  },
  {
    ...{ key: 'start', what: 'Start with traces: added CPU', unit: "of the usual stack's", sense: '<=', limit: 0.25 },
    of: (rooms) => rooms.start?.share ?? undefined,
  },
  {
    ...{ key: 'start', what: 'Start without traces: added CPU', unit: 'ms', sense: '<=', limit: 60 },
    of: (rooms) => rooms.start?.rows['signals+access-log']?.addedMs,
  },
  {
    ...{ key: 'start', what: 'Loading the package alone: added CPU', unit: 'ms', sense: '<=', limit: 60 },
    of: (rooms) => rooms.start?.imports?.import,
  },
  {
    ...{ key: 'installed', what: 'Installed', unit: 'packages', sense: '<=', limit: 110 },
    of: (rooms) => rooms.start?.ours.packages,
  },
  {
    ...{ key: 'installed', what: 'Installed', unit: 'MB', sense: '<=', limit: 60 },
    of: (rooms) => rooms.start && rooms.start.ours.bytes / 2 ** 20,
  },
];

const single = (value) => ({ median: value, min: value, max: value });

/** How a goal stands on one line of Node. @returns {{ figure: Spread, limit: number, reached: boolean } | undefined} */
export function standing({ of, limit: limits, sense }, rooms, line) {
  const found = of(rooms);
  if (found === undefined || found === null) return undefined;
  const figure = typeof found === 'number' ? single(found) : found;
  const limit = typeof limits === 'number' ? limits : limits[line];
  if (limit === undefined) return undefined;
  return { figure, limit, reached: sense === '>=' ? figure.median >= limit : figure.median <= limit };
}

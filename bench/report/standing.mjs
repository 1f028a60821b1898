/**
 * What stands in the way of a goal that is not reached, by its key in goals.mjs: said in docs/performance.md as long as the
 * figures say so. From profiles: `node profile.mjs`, `--heap-prof`.
 * @type {Record<string, string>}
 */
export const inTheWay = {
  everything:
    "on Node 20 a third of what is added is Node's own: an `AsyncLocalStorage` there turns hooks on for every promise and every resource, " +
    'and one header more is checked and written. On Node 24 bare Express takes a quarter of the time that it takes on Node 20, so that the ' +
    'same microseconds weigh four times as much: 0.35 us for a frame of the context, 0.7 for the header, 1.3 for a line of the access log ' +
    'and its write, 1 for the twentieth of the spans that is sent; of our own functions none has more than 2 % of the time',
  signals:
    'an `AsyncLocalStorage` and one header more are two thirds of it with nothing else on (`correlation`): on Node 20 hooks for every promise ' +
    'and every resource, on Node 24 a frame of the context. The exchange itself, with its clocks and its record, takes a microsecond',
  latency: 'Int32Histogram of hdr-histogram-js: an index by the leading zeros, least and greatest value, a total',
  flags: 'a machine that is busy: alone, a check by key takes 15 to 17 ns on either Node',
  scrape: 'collections of the garbage that peers leave in the same process: alone it takes 17 ms of CPU',
  koa: "everything on adds so little to Express that a microsecond decides; Koa's own middleware is promises, and each of them carries the context on",
  http: 'everything on adds so little to Express that a microsecond decides; with no framework the route is named by a function of the application',
  span: 'a context for the function, IDs, a time on two clocks and the decision at the end of the local root; the spans themselves are one object each',
  entry: 'the hooks of `AsyncLocalStorage` on Node 20, and the header',
  flat:
    'of what grows in the profile the most is the service under load itself, which names its route out of a thousand (1.2 to 1.7 us), then histograms ' +
    'that are no longer in the cache (0.07 to 0.2 us); our own functions take no longer',
  start:
    "18 of 50 ms are V8's, which reads our 780 KB once; pino takes 12 to 16 for many small files, the first reads of `/proc` and cgroup 4",
};

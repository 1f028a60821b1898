/**
 * What stands in the way of a goal that is not reached, by its key in goals.mjs: said in docs/performance.md as long as the
 * figures say so. From profiles: `node profile.mjs`, `--heap-prof`.
 * @type {Record<string, string>}
 */
export const inTheWay = {
  everything:
    "on Node 20 a third of what is added is Node's own: an `AsyncLocalStorage` there turns hooks on for every promise and every resource, " +
    'and one header more is checked and written; then collection, as a request allocates half as much again. Of our own functions none has ' +
    'more than 3 % of the time',
  signals:
    'the same hooks and the same header, with nothing else on; the exchange itself is recorded in under a microsecond',
  koa: "Koa's own middleware is promises, and each of them passes the hooks of `AsyncLocalStorage`",
  http: "the share of a small number: bare http answers in a seventh of Express's time",
  span: 'a context for the function, IDs, a time on two clocks and the decision at the end of the local root; the spans themselves are one object each',
  entry: 'the hooks of `AsyncLocalStorage` on Node 20, and the header',
  flat: 'a route that is new or quiet is asked for its 95th percentile anew after every 20 requests; at 1000 routes most are',
  start:
    "without traces it is the library's own file, pino and one class of hdr-histogram-js; with traces the API of OpenTelemetry comes on top, and the SDK only for instrumentations of the application's",
};

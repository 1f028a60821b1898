/**
 * What stands in the way of a goal that is not reached, by its key in goals.mjs: said in docs/performance.md as long as the
 * figures say so. From profiles: `node profile.mjs`, `--heap-prof`.
 * @type {Record<string, string>}
 */
export const inTheWay = {
  span:
    "spans are made by OpenTelemetry's SDK, whose own sampled span is in the table of parts; deciding what is kept at the end of each " +
    'local root comes on top',
  flat:
    'signals alone cost the same with 1 and with 1000 routes; with traces on, each request is asked whether it was slow for its route, and ' +
    'that grows with the routes in use',
  start:
    'with traces on, observe() loads @opentelemetry/sdk-node, some 460 files with the exporters of all signals, none of which is used; ' +
    "without traces it is the library's own file, pino and one class of hdr-histogram-js",
};

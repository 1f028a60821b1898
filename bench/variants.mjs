/**
 * @typedef {object} Part One thing mounted in front of the route.
 * @property {string} file under server/; exports `middleware`, and as it needs `recorded` and `flush`
 * @property {boolean} [preload] loaded with --require, as instrumentation must be
 * @property {boolean} [log] writes one access-log line per request
 * @property {string[]} [scopes] sends spans to the sink, under these scopes; the first has one per request
 * @property {string} [header] response header that carries the request's ID
 */

/** @type {Part} */
const fourlights = { file: 'fourlights.mjs', log: true, header: 'x-correlation-id' };
/** @type {Part} */
const fourlightsTraced = {
  file: 'fourlights-traced.mjs',
  log: true,
  header: 'x-correlation-id',
  scopes: ['fourlights'],
};
/** @type {Part} */
const otel = {
  file: 'otel.cjs',
  preload: true,
  scopes: ['@opentelemetry/instrumentation-http', '@opentelemetry/instrumentation-express'],
};
/** @type {Part} */
const clsRtracer = { file: 'cls-rtracer.cjs', header: 'x-request-id' };
/** @type {Part} */
const promBundle = { file: 'prom-bundle.cjs' };
/** @type {Part} */
const pinoHttp = { file: 'pino-http.cjs', log: true };

export const BASELINE = 'bare';
export const SUBJECT = 'fourlights';
export const RIVALS = ['usual-stack', 'usual-untraced'];

/** What is compared: the parts mounted, in order. */
export const variants = {
  [BASELINE]: [],
  [SUBJECT]: [fourlights],
  'fourlights-traced': [fourlightsTraced],
  'usual-stack': [otel, clsRtracer, promBundle, pinoHttp],
  'usual-untraced': [clsRtracer, promBundle, pinoHttp],
  otel: [otel],
  'prom-bundle': [promBundle],
  'pino-http': [pinoHttp],
  'cls-rtracer': [clsRtracer],
};

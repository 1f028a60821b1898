/**
 * @typedef {object} Part One thing mounted in front of the route.
 * @property {string} file under server/parts/
 * @property {string} [setup] of ours: see server/setups.mjs
 * @property {boolean} [preload] loaded with --require, as instrumentation must be
 * @property {boolean} [log] writes one access-log line per request
 * @property {string[]} [scopes] sends spans to the sink, under these scopes
 * @property {string} [header] response header that carries the request's ID
 */
/** @typedef {{ framework: 'express' | 'koa' | 'http', parts: Part[], routes?: number }} Variant */

const instrumentations = { express: ['express'], koa: ['koa'], http: [] };

/** @returns {Part} */
const otel = (framework) => ({
  file: 'otel.cjs',
  preload: true,
  scopes: ['http', ...instrumentations[framework]].map((name) => `@opentelemetry/instrumentation-${name}`),
});
/** @type {Part} */
const rTracer = { file: 'cls-rtracer.cjs', header: 'x-request-id' };
/** @type {Part} */
const promBundle = { file: 'prom-bundle.cjs' };
/** @type {Part} */
const promClient = { file: 'prom-client.cjs' };
/** @type {Part} */
const pinoHttp = { file: 'pino-http.cjs', log: true };

/** @returns {Variant} */
const peers = (framework, ...parts) => ({ framework, parts });

/** @returns {Variant} */
export function ours(framework, setup, more) {
  const sent = setup === 'traces' || setup.startsWith('everything');
  const log = setup === 'access-log' || setup.startsWith('everything');
  const part = {
    file: 'fourlights.mjs',
    setup,
    log,
    header: 'x-correlation-id',
    ...(sent && { scopes: ['fourlights'] }),
  };
  return { framework, parts: [part], ...more };
}

/** The variant that each of a framework is compared with. */
export const baselines = { express: 'bare', koa: 'koa-bare', http: 'http-bare' };

/** What is compared; parts are mounted in order. @type {Record<string, Variant>} */
export const variants = {
  bare: peers('express'),
  correlation: ours('express', 'correlation'),
  signals: ours('express', 'signals'),
  'signals+access-log': ours('express', 'access-log'),
  'signals+traces': ours('express', 'traces'),
  'signals+flag': ours('express', 'flag'),
  everything: ours('express', 'everything'),
  'everything-sent': ours('express', 'everything-sent'),
  otel: peers('express', otel('express')),
  'prom-bundle': peers('express', promBundle),
  'pino-http': peers('express', pinoHttp),
  'cls-rtracer': peers('express', rTracer),
  'usual-stack': peers('express', otel('express'), rTracer, promBundle, pinoHttp),
  'koa-bare': peers('koa'),
  'koa-everything': ours('koa', 'everything'),
  'koa-usual-stack': peers('koa', otel('koa'), rTracer, promClient, pinoHttp),
  'http-bare': peers('http'),
  'http-correlation': ours('http', 'correlation'),
  'http-everything': ours('http', 'everything'),
  'http-usual-stack': peers('http', otel('http'), rTracer, promClient, pinoHttp),
};

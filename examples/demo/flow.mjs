/** @typedef {import('./processes.mjs').Services} Services */

/** A first start reads everything from disk, and the database is a large program. */
const START_TIMEOUT_MS = 60_000;

/** Where requests enter. */
export const DOOR = 'gateway';

/** Who calls whom. A service finds each one that it calls by `<NAME>_URL` in its environment. */
const FLOW = {
  gateway: { program: new URL('./services/gateway.mjs', import.meta.url), calls: ['auth', 'users', 'recommendations'] },
  auth: { program: new URL('./services/auth.mjs', import.meta.url), calls: [] },
  users: { program: new URL('./services/users.mjs', import.meta.url), calls: [] },
  recommendations: { program: new URL('./services/recommendations.mjs', import.meta.url), calls: ['model'] },
  model: { program: new URL('./services/model.mjs', import.meta.url), calls: [] },
};

export const SERVICES = Object.keys(FLOW);

/**
 * Starts all services, each as soon as those that it calls are up.
 * @param {Services} services
 * @param {{ tracesTo: string, signal: AbortSignal }} options `tracesTo`: an OTLP/HTTP receiver
 * @returns {Promise<{ service: string, pid: number, url: string, pageUrl: string | undefined }[]>}
 */
export function startFlow(services, { tracesTo, signal }) {
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: tracesTo, OTEL_BSP_SCHEDULE_DELAY: '100' };
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
  const starting = new Map();
  const start = (service) => {
    if (!starting.has(service)) starting.set(service, startAfterCallees(service));
    return starting.get(service);
  };
  const startAfterCallees = async (service) => {
    const { program, calls } = FLOW[service];
    const callees = await Promise.all(calls.map(start));
    const urls = Object.fromEntries(callees.map((callee) => [`${callee.service.toUpperCase()}_URL`, callee.url]));
    const env = { ...urls, ...traces };
    return { service, ...(await services.start(service, program, { env, signal: waiting })) };
  };
  return Promise.all(SERVICES.map(start));
}

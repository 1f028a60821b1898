/** Attribute names of OpenTelemetry's semantic conventions (stable unless noted), as far as they are used here. */
export const HTTP_METHOD = 'http.request.method';
export const HTTP_METHOD_ORIGINAL = 'http.request.method_original';
export const HTTP_ROUTE = 'http.route';
export const HTTP_STATUS = 'http.response.status_code';
export const URL_SCHEME = 'url.scheme';
export const URL_PATH = 'url.path';
export const URL_QUERY = 'url.query';
export const URL_FULL = 'url.full';
export const SERVER_ADDRESS = 'server.address';
export const SERVER_PORT = 'server.port';
export const CLIENT_ADDRESS = 'client.address';
export const USER_AGENT = 'user_agent.original';
export const PROTOCOL_VERSION = 'network.protocol.version';
export const ERROR_TYPE = 'error.type';
export const SERVICE_NAME = 'service.name';
export const SERVICE_VERSION = 'service.version';
export const ENVIRONMENT = 'deployment.environment.name';
export const INSTANCE_ID = 'service.instance.id';
/** Ours: the request that a span belongs to, as it stands in the log lines. */
export const CORRELATION_ID = 'fourlights.correlation_id';
/** Ours: where an exchange stood when its client went away. */
export const ABORT_PHASE = 'fourlights.abort_phase';
/** Ours: `error` or `slow` on a local root that was kept though no head had sampled it. */
export const KEPT = 'fourlights.kept';

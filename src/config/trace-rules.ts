import { exporters } from '../traces/exporters/exporters.js';
import { propagators } from '../traces/propagators/propagators.js';
import { flag, isNumber, isObject, isText, listOf, orFalse, rule, text } from './rule.js';

const isExporter = (value: unknown): boolean =>
  typeof value === 'string'
    ? Object.hasOwn(exporters, value)
    : isObject(value) && 'export' in value && typeof value.export === 'function';

const isCredentials = (value: unknown): boolean =>
  typeof value === 'function' ||
  (isObject(value) && 'accessKeyId' in value && isText(value.accessKeyId) && 'secretAccessKey' in value);

export const traces = orFalse({
  exporter: rule(`one of ${Object.keys(exporters).join(', ')}, or an OpenTelemetry SpanExporter`, isExporter),
  endpoint: rule(
    'an address that begins with http:// or https://',
    (value) => isText(value) && /^https?:\/\//i.test(value) && URL.canParse(value),
  ),
  headers: rule(
    'an object of header names and texts',
    (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  ),
  protocol: rule(
    'http/json or http/protobuf (gRPC is not spoken: every receiver of it takes HTTP too, by default on port 4318)',
    (value) => value === 'http/json' || value === 'http/protobuf',
  ),
  compression: rule('gzip or none', (value) => value === 'gzip' || value === 'none'),
  timeoutMs: rule('a number of milliseconds from 1 to 600000', (value) => isNumber(value, 1, 600_000)),
  region: text,
  credentials: rule('{ accessKeyId, secretAccessKey, sessionToken? } or a function that resolves to it', isCredentials),
  ratio: rule('a number from 0 to 1', (value) => isNumber(value, 0, 1)),
  keep: orFalse({
    errors: flag,
    slowerThan: rule('p95 or a number of milliseconds', (value) => value === 'p95' || isNumber(value, 0, 86_400_000)),
  }),
  propagators: rule(`a list of ${Object.keys(propagators).join(', ')}`, (value) =>
    listOf(value, (name) => typeof name === 'string' && Object.hasOwn(propagators, name)),
  ),
  instrumentations: rule("a list of OpenTelemetry's instrumentations", Array.isArray),
  ids: rule('random or xray', (value) => value === 'random' || value === 'xray'),
});

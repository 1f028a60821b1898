import { flag, isNumber, isObject, isText, listOf, rule } from './rule.js';

const isEdge = (edge: unknown): boolean => isNumber(edge, 1e-6, 3600);

export const metrics = {
  otlp: flag,
  include: rule(
    "prom-client's Registry, an OpenTelemetry MetricReader, or a list of them",
    (value) => isObject(value) || typeof value === 'function',
  ),
  buckets: rule('a list of seconds above 0', (value) => listOf(value, isEdge)),
};

export const admin = {
  port: rule('a whole number from 0 to 65535', (value) => Number.isInteger(value) && isNumber(value, 0, 65_535)),
  host: rule('a host name or address', isText),
  token: rule('a text of at least 16 characters', (value) => typeof value === 'string' && value.length >= 16),
  authorize: rule('a function of the request', (value) => typeof value === 'function'),
  otlp: flag,
};

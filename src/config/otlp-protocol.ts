import { diagnostics } from '../core/diagnostics.js';
import { type Environment, oneOf, text } from '../traces/exporters/environment.js';

const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

/**
 * The environment with an OTLP protocol that is spoken here, or with none. gRPC is set for whole fleets, whatever their
 * services speak: it is told, and its nearest is used, as each receiver of it takes protobuf over HTTP as well.
 */
export function withSpokenProtocol(env: Environment, signal: 'TRACES' | 'METRICS'): Environment {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL'] as const;
  const given = text(env, ...names);
  if (given === undefined) return env;
  const spoken = given.value.toLowerCase() === 'grpc' ? insteadOfGrpc(given.name) : oneOf(env, PROTOCOLS, ...names);
  return { ...env, [names[0]]: spoken, [names[1]]: spoken };
}

function insteadOfGrpc(name: string): (typeof PROTOCOLS)[number] {
  diagnostics.warn(
    `environment ${name}`,
    `${name}="grpc": OTLP over gRPC is not spoken; using http/protobuf, which its receivers take on port 4318: ` +
      'set it to http/protobuf, and the endpoint to http://<host>:4318',
  );
  return 'http/protobuf';
}

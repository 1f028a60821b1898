import { diagnostics } from '../../core/diagnostics.js';
import { type Environment, oneOf, text } from './environment.js';

const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

/** Of OTLP: those that are spoken here. */
export type Protocol = (typeof PROTOCOLS)[number];

const OVER_HTTP = 'set it to http/protobuf, and the endpoint to http://<host>:4318';

/** What an option says. Throws for what is not spoken. */
export function protocolOf(given: string): Protocol {
  const spoken = PROTOCOLS.find((known) => known === given);
  if (spoken !== undefined) return spoken;
  const fix =
    given === 'grpc'
      ? `OTLP over gRPC is not spoken; every receiver that speaks it also takes HTTP, by default on port 4318: ${OVER_HTTP}`
      : `must be ${PROTOCOLS.join(' or ')}`;
  throw new Error(`protocol="${given}": ${fix}`);
}

/**
 * What the first of the variables says that is set. gRPC is set for whole fleets, whatever their services speak: it is told,
 * and its nearest is used. So is told what else is not spoken, and passed over.
 */
export function protocolFrom(env: Environment, ...names: readonly string[]): Protocol | undefined {
  const given = text(env, ...names);
  if (given?.value.toLowerCase() !== 'grpc') return oneOf(env, PROTOCOLS, ...names);
  diagnostics.warn(
    `environment ${given.name}`,
    `${given.name}="grpc": OTLP over gRPC is not spoken; using http/protobuf, which its receivers take on port 4318: ${OVER_HTTP}`,
  );
  return 'http/protobuf';
}

import type { OtelContextManager, OtelPropagator } from '../context/otel.js';
import { load } from '../core/load.js';
import type { SpanResource } from './export/finished-span.js';

/** The parts of an SDK that are ours; its spans, and the wiring of the application's instrumentations, are its own. */
export interface SdkParts {
  readonly resource: SpanResource['attributes'];
  readonly spanProcessors: readonly object[];
  readonly spanLimits: object;
  readonly sampler: object;
  readonly idGenerator: object;
  readonly contextManager: OtelContextManager;
  readonly textMapPropagator: OtelPropagator;
  readonly instrumentations: readonly unknown[];
}

interface NodeSdk {
  start(): void;
  shutdown(): Promise<void>;
}

export interface StartedSdk {
  /** As exporters of the SDK's want it. */
  readonly resource: SpanResource;
  stop(): Promise<void>;
}

interface SdkNode {
  readonly NodeSDK: new (options: object) => NodeSdk;
}

interface Resources {
  resourceFromAttributes(attributes: SpanResource['attributes']): SpanResource;
}

/** The SDK would start exporters of its own for the signals that it is not told to leave alone. */
const QUIET = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'none' } as const;

/**
 * Starts `@opentelemetry/sdk-node`, of line 2.x (0.223) or 3.x (0.301). Loading it takes
 * 220 ms and more in one piece, so this runs before the service listens, and only where traces are on.
 */
export function startSdk({ resource: attributes, ...parts }: SdkParts): StartedSdk {
  const { NodeSDK } = load('@opentelemetry/sdk-node') as SdkNode; // the same on both lines
  const { resourceFromAttributes } = load('@opentelemetry/resources', '@opentelemetry/sdk-node') as Resources;
  const resource = resourceFromAttributes(attributes);
  const before = Object.keys(QUIET).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, QUIET);
  try {
    const sdk = new NodeSDK({
      ...parts,
      resource,
      autoDetectResources: false,
      metricReaders: [],
      logRecordProcessors: [],
    });
    sdk.start();
    return { resource, stop: () => sdk.shutdown() };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

import type { OtelApi, OtelTracer } from '../context/otel.js';
import { diagnostics } from '../core/diagnostics.js';
import { contextManager } from './context-manager.js';
import { besideOurs } from './instrumentations.js';
import { MAX_VALUE } from './own/attributes.js';
import { register } from './own/own-provider.js';
import { OwnTracer, type OwnTracerOptions } from './own/own-tracer.js';
import type { Propagation } from './propagation.js';
import { startSdk } from './sdk.js';

/** Who makes the spans of this process. */
export interface Provider {
  /** Of our own spans. */
  readonly tracer: OtelTracer;
  /** Decides on what is open, and takes the registration with OpenTelemetry back. Never rejects. */
  stop(): Promise<void>;
}

export interface Providing {
  readonly scope: OwnTracerOptions['scope'];
  readonly propagation: Propagation;
  /** Of the application: wired and given spans by the SDK, whose business that is. */
  readonly instrumentations: readonly unknown[];
}

type Making = Omit<OwnTracerOptions, 'scope'>;

/**
 * Without instrumentations of the application's our tracer serves the whole process, whoever asks OpenTelemetry's API for
 * one, and the SDK, some 300 ms and 250 files, is not loaded. With them it is, for their spans; ours are ours either way.
 */
export function provide(making: Making, { scope, propagation, instrumentations }: Providing): Provider {
  const { api } = making;
  const given = besideOurs(instrumentations);
  const contexts = contextManager(api);
  if (given.length === 0) {
    register(making, { contextManager: contexts, propagator: propagation.textMap() });
    return { tracer: new OwnTracer({ ...making, scope }), stop: () => making.keep.shutdown().then(() => disable(api)) };
  }
  const sdk = startSdk({
    resource: making.resource.attributes,
    spanProcessors: [making.keep],
    spanLimits: { attributeValueLengthLimit: MAX_VALUE },
    sampler: making.sampler,
    idGenerator: { generateTraceId: making.newTraceId, generateSpanId: making.newSpanId },
    contextManager: contexts,
    textMapPropagator: propagation.textMap(),
    instrumentations: given,
  });
  return {
    tracer: new OwnTracer({ ...making, scope, resource: sdk.resource }),
    stop: async () => {
      await sdk.stop().catch((cause: unknown) => diagnostics.report('shutdown of the OpenTelemetry SDK', cause));
      disable(api);
    },
  };
}

function disable(api: OtelApi): void {
  for (const part of ['trace', 'context', 'propagation'] as const) api[part].disable();
}

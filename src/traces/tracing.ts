import { newSpanId, newTraceId } from '../context/ids.js';
import type { OpenSpan } from '../context/opened-span.js';
import { hasProvider, type OtelApi, type OtelAttributes, type OtelTracer, otelApi } from '../context/otel.js';
import type { CallObserver } from '../core/call.js';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Exchange, Observer } from '../core/exchange.js';
import { ClientSpans } from './client-spans.js';
import { contextManager } from './context-manager.js';
import { flushOnBeforeExit } from './export/at-end.js';
import type { QueueLimits } from './export/limits.js';
import { flushOnSignal } from './export/on-signal.js';
import { ExportQueue } from './export/queue.js';
import type { SpanSender } from './export/span-sender.js';
import { xrayTraceId } from './exporters/xray.js';
import { KeepProcessor, type KeepRules } from './keep.js';
import { KeptTraces } from './kept.js';
import { Propagation } from './propagation.js';
import { HeadSampler } from './sampler.js';
import { startSdk } from './sdk.js';
import { ServerSpans, type TrustPolicy } from './server-spans.js';
import type { SpanTools } from './span.js';

export interface TracingOptions {
  readonly clock: Clock;
  /** Name and version under which our own spans stand. */
  readonly scope: { readonly name: string; readonly version: string };
  readonly resource: OtelAttributes;
  /** Share of traces sampled from their head, 0 to 1. */
  readonly ratio: number;
  /** `undefined`: the head alone decides. */
  readonly keep: KeepRules | undefined;
  readonly isSlow: (exchange: Exchange) => boolean;
  readonly trust: TrustPolicy;
  /** As in OTEL_PROPAGATORS. */
  readonly propagators: readonly string[];
  readonly instrumentations: readonly unknown[];
  readonly ids: 'random' | 'xray';
  /** `undefined`: kept traces stay in memory alone. */
  readonly sender: SpanSender | undefined;
  readonly queue: Partial<QueueLimits>;
}

/** Spans, once they are on. */
export interface Tracing {
  readonly tools: SpanTools;
  readonly propagation: Propagation;
  readonly openSpan: OpenSpan;
  readonly exchanges: Observer;
  readonly calls: CallObserver;
  readonly kept: KeptTraces;
  /** Finished spans: `ended = delivered + dropped + queued`, at any time. */
  ledger(): SpanLedger;
  stop(withinMs: number): Promise<void>;
}

export interface SpanLedger {
  readonly ended: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly queued: number;
}

/** `undefined` when the API cannot be loaded, which has been said then. */
export function startTracing(options: TracingOptions): Tracing | undefined {
  const api = otelApi();
  if (api === undefined) return undefined;
  const propagation = new Propagation(api, options.propagators);
  return hasProvider() ? joined(api, propagation, options) : started(api, propagation, options);
}

/** The application has a provider of its own: our spans are made by it, kept and exported by it. */
function joined(api: OtelApi, propagation: Propagation, options: TracingOptions): Tracing {
  const nothing = { ended: 0, delivered: 0, dropped: {}, queued: 0 };
  return {
    ...spansOf(api, propagation, options),
    kept: new KeptTraces(),
    ledger: () => nothing,
    stop: async () => {},
  };
}

function started(api: OtelApi, propagation: Propagation, options: TracingOptions): Tracing {
  const { keep, sender, clock } = options;
  const kept = new KeptTraces();
  const queue = sender === undefined ? undefined : new ExportQueue({ sender, clock, ...options.queue });
  const accounts = new KeepAccounts();
  const processor = new KeepProcessor(
    keep ?? { errors: false, slowerThanMs: Number.POSITIVE_INFINITY },
    {
      kept: (spans, because) => {
        kept.add(spans, because);
        if (queue === undefined) accounts.drop('no_exporter', spans.length);
        else queue.add(spans);
      },
      dropped: (reason, count) => accounts.drop(reason, count),
    },
    (context) => api.trace.getSpan(context),
  );
  const undo = queue === undefined ? [] : [flushOnBeforeExit(queue), flushOnSignal(queue)];
  const stopSdk = startSdk({
    resource: options.resource,
    spanProcessors: [processor],
    sampler: new HeadSampler(api, { ratio: options.ratio, records: keep !== undefined }),
    idGenerator: {
      generateTraceId: options.ids === 'xray' ? () => xrayTraceId(clock) : newTraceId,
      generateSpanId: newSpanId,
    },
    contextManager: contextManager(api),
    textMapPropagator: propagation.textMap(),
    instrumentations: options.instrumentations,
  });
  return {
    ...spansOf(api, propagation, options),
    kept,
    ledger: () => accounts.with(queue?.ledger, processor.waiting),
    stop: async (withinMs) => {
      await stopSdk().catch((cause: unknown) => diagnostics.report('shutdown of the OpenTelemetry SDK', cause));
      await queue?.shutdown(withinMs);
      for (const forget of undo) forget();
      for (const part of ['trace', 'context', 'propagation'] as const) api[part].disable();
    },
  };
}

type Spans = Pick<Tracing, 'tools' | 'propagation' | 'openSpan' | 'exchanges' | 'calls'>;

function spansOf(api: OtelApi, propagation: Propagation, { scope, trust, isSlow }: TracingOptions): Spans {
  const tracer: OtelTracer = api.trace.getTracer(scope.name, scope.version);
  const exchanges = new ServerSpans({ api, tracer, propagation, trust, isSlow });
  return {
    tools: { api, tracer },
    propagation,
    openSpan: (arrival) => exchanges.open(arrival),
    exchanges,
    calls: new ClientSpans(api, tracer),
  };
}

/** What never reached the queue, so that the whole ledger balances. */
class KeepAccounts {
  readonly #dropped = new Map<string, number>();

  drop(reason: string, count: number): void {
    if (count > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  with(queue: SpanLedger | undefined, waiting: number): SpanLedger {
    const here = [...this.#dropped.values()].reduce((sum, count) => sum + count, 0);
    return {
      ended: (queue?.ended ?? 0) + here + waiting,
      delivered: queue?.delivered ?? 0,
      dropped: { ...Object.fromEntries(this.#dropped), ...queue?.dropped },
      queued: (queue?.queued ?? 0) + waiting,
    };
  }
}

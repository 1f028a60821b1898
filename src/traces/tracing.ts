import { newSpanId, newTraceId } from '../context/ids.js';
import { hasProvider, type OtelApi, otelApi } from '../context/otel.js';
import { theirs } from '../context/store.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { Epoch } from '../core/epoch.js';
import { type Ending, flushOnBeforeExit } from './export/at-end.js';
import { flushOnSignal } from './export/on-signal.js';
import { ExportQueue } from './export/queue.js';
import { xrayTraceId } from './exporters/xray.js';
import { KeepProcessor } from './keep.js';
import { KeptTraces } from './kept.js';
import type { EventSource } from './own/later-event.js';
import { OwnSpan } from './own/own-span.js';
import { Propagation } from './propagation.js';
import { provide } from './provider.js';
import { HeadSampler } from './sampler.js';
import { SpanAccounts, type SpanLedger } from './span-accounts.js';
import { type Spans, spansOf, type TracingOptions } from './spans.js';

/** Spans, once they are on. */
export interface Tracing extends Spans {
  readonly kept: KeptTraces;
  /** Finished spans: `ended = delivered + dropped + queued`, at any time. */
  ledger(): SpanLedger;
  /** Sends what has ended so far; resolves when that is done or the time is up. */
  flush(withinMs: number): Promise<void>;
  stop(withinMs: number): Promise<void>;
}

/**
 * Joins the provider that the application has registered, or else, if `starts`, is the one. `undefined` when there is
 * nothing to join, or when the API, or the SDK for instrumentations, cannot be loaded, which has been said then.
 */
export function startTracing(options: TracingOptions, starts: boolean): Tracing | undefined {
  if (!hasProvider() && !starts) return undefined;
  const api = otelApi();
  if (api === undefined) return undefined;
  const propagation = new Propagation(api, options.propagators);
  if (hasProvider()) return joined(api, propagation, options);
  try {
    return started(api, propagation, options);
  } catch (cause) {
    diagnostics.warn(
      'traces',
      `traces are off: @opentelemetry/sdk-node could not be started: ${messageOf(cause)}`,
      cause,
    );
    return undefined;
  }
}

/** Notes on the span that is open here, if there is one. */
export function addSpanEvent(spans: Spans, event: EventSource): void {
  const span = spans.active();
  if (span instanceof OwnSpan) span.note(event);
  else span?.addEvent(event.name, event.attributes());
}

/** The application has a provider of its own: our spans are made by it, kept and exported by it. */
function joined(api: OtelApi, propagation: Propagation, options: TracingOptions): Tracing {
  theirs.enter = (otel, fn, self, ...args) => api.context.with(otel, fn, self, ...args);
  const { clock, scope } = options;
  const tracer = api.trace.getTracer(scope.name, scope.version);
  const nothing = { ended: 0, delivered: 0, dropped: {}, queued: 0 };
  return {
    ...spansOf({ api, tracer, clock, epoch: new Epoch(clock) }, propagation, options, true),
    kept: new KeptTraces(),
    ledger: () => nothing,
    flush: async () => {},
    stop: async () => {
      theirs.enter = undefined;
    },
  };
}

function started(api: OtelApi, propagation: Propagation, options: TracingOptions): Tracing {
  const { keep, sender, clock } = options;
  const kept = new KeptTraces();
  const queue = sender === undefined ? undefined : new ExportQueue({ sender, clock, ...options.queue });
  const accounts = new SpanAccounts(queue);
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
  const epoch = new Epoch(clock);
  const sampler = new HeadSampler(api, { ratio: options.ratio, records: keep !== undefined });
  const traceIds = options.ids === 'xray' ? () => xrayTraceId(clock) : newTraceId;
  const provider = provide(
    {
      ...{ api, clock, epoch, sampler, keep: processor, newTraceId: traceIds, newSpanId },
      resource: { attributes: options.resource },
    },
    { scope: options.scope, propagation, instrumentations: options.instrumentations },
  );
  const ledger = (): SpanLedger => accounts.read(processor.waiting);
  const ending = queue && endingOf(processor, queue, ledger);
  const undo = ending === undefined ? [] : [flushOnBeforeExit(ending), flushOnSignal(ending)];
  return {
    ...spansOf({ api, tracer: provider.tracer, clock, epoch }, propagation, options, false),
    kept,
    ledger,
    flush: async (withinMs) => ending?.flush(withinMs),
    stop: async (withinMs) => {
      await provider.stop();
      await queue?.shutdown(withinMs);
      for (const forget of undo) forget();
    },
  };
}

/** The queue as the end of the process sees it: what waits for its root is part of it. */
function endingOf(processor: KeepProcessor, queue: ExportQueue, ledger: () => SpanLedger): Ending {
  return {
    get ledger() {
      return ledger();
    },
    flush: (deadlineMs) => {
      processor.settle();
      return queue.flush(deadlineMs);
    },
    abandon: () => {
      processor.settle();
      queue.abandon();
    },
  };
}

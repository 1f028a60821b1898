import type { HeaderBag } from '../context/correlation.js';
import type { OpenSpan } from '../context/opened-span.js';
import type { OtelAttributes, OtelContext, OtelSpan } from '../context/otel.js';
import { store } from '../context/store.js';
import type { RemoteSpan } from '../context/traceparent.js';
import type { Call, CallObserver } from '../core/call.js';
import type { Clock } from '../core/clock.js';
import type { Observer } from '../core/exchange.js';
import { ClientSpans } from './client-spans.js';
import type { QueueLimits } from './export/limits.js';
import type { SpanSender } from './export/span-sender.js';
import type { KeepRules } from './keep.js';
import { spanIn } from './own/span-context.js';
import type { Propagation } from './propagation.js';
import { RequestLines } from './request-lines.js';
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
  readonly trust: TrustPolicy;
  /** As in OTEL_PROPAGATORS. */
  readonly propagators: readonly string[];
  readonly instrumentations: readonly unknown[];
  readonly ids: 'random' | 'xray';
  /** `undefined`: kept traces stay in memory alone. */
  readonly sender: SpanSender | undefined;
  readonly queue: Partial<QueueLimits>;
}

type SetHeader = (name: string, value: string) => void;

/** How requests, calls and carriers meet spans, whoever provides them. */
export interface Spans {
  readonly tools: SpanTools;
  readonly openSpan: OpenSpan;
  readonly exchanges: Observer;
  readonly calls: CallObserver;
  readonly lines: RequestLines;
  /** The span that is open here. */
  active(): OtelSpan | undefined;
  /** The span that headers name. Takes any headers. */
  remoteSpan(headers: HeaderBag): RemoteSpan | undefined;
  /** OpenTelemetry's context of work that goes on from there. */
  under(remote: RemoteSpan | undefined, headers: HeaderBag): OtelContext;
  /** Writes the trace headers of what leaves from here, or of that call. */
  inject(set: SetHeader, call?: Call): void;
}

/** `joined`: the tracer is of the application's own provider. */
export function spansOf(tools: SpanTools, propagation: Propagation, options: TracingOptions, joined: boolean): Spans {
  const { trust } = options;
  const { api } = tools;
  const lines = new RequestLines();
  const exchanges = new ServerSpans({ ...tools, propagation, trust, lines, joined });
  const calls = new ClientSpans(tools, joined);
  return {
    tools,
    openSpan: (exchange, given, remote) => exchanges.open(exchange, given, remote),
    exchanges,
    lines,
    active: joined ? () => api.trace.getActiveSpan() : () => spanIn(store.getStore()?.otel),
    calls,
    remoteSpan: (headers) => propagation.extract(headers),
    under: (remote, headers) => {
      const base = propagation.withBaggage(api.ROOT_CONTEXT, headers);
      return remote === undefined ? base : propagation.withParent(base, remote, trust === 'full');
    },
    inject: (set, call) => {
      if (call === undefined) propagation.inject(api.context.active(), set);
      else calls.inject(call, propagation, set);
    },
  };
}

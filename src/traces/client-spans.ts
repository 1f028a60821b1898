import type { OtelApi, OtelSpan, OtelTracer } from '../context/otel.js';
import * as names from '../core/attributes.js';
import type { Call, CallObserver } from '../core/call.js';
import { type Epoch, epochTime } from '../core/epoch.js';
import { withSpan } from './own/span-context.js';
import type { Propagation } from './propagation.js';
import type { SpanTools } from './span.js';
import { queryOf, redactedQuery } from './url.js';

/** One span of kind CLIENT per outgoing call, by the stable HTTP semantic conventions. */
export class ClientSpans implements CallObserver {
  readonly name = 'client spans';
  readonly #api: OtelApi;
  readonly #tracer: OtelTracer;
  readonly #epoch: Epoch;
  readonly #joined: boolean;

  /** `joined`: the provider is the application's, whose own instrumentations may have made a span of a call already. */
  constructor({ api, tracer, epoch }: SpanTools, joined: boolean) {
    this.#api = api;
    this.#tracer = tracer;
    this.#epoch = epoch;
    this.#joined = joined;
  }

  start(call: Call): void {
    if (this.#joined && call.traced) return;
    const { host, port } = partsOf(call.authority);
    const attributes = {
      [names.HTTP_METHOD]: call.method,
      [names.URL_FULL]: fullUrl(call),
      [names.SERVER_ADDRESS]: host,
      ...(port !== undefined && { [names.SERVER_PORT]: port }),
    };
    const kind = this.#api.SpanKind.CLIENT;
    call.epochMs = this.#epoch.at(call.startedMs);
    const options = { kind, attributes, startTime: epochTime(call.epochMs) };
    call.span = this.#tracer.startSpan(call.method, options, this.#api.context.active());
  }

  /** Writes the headers under which the other side goes on; none where somebody else has. */
  inject(call: Call, propagation: Propagation, set: (name: string, value: string) => void): void {
    const span = call.span as OtelSpan | undefined; // set by `start`
    if (span === undefined) return;
    propagation.inject(withSpan(this.#api.context.active(), span), set);
  }

  end(call: Call): void {
    const span = call.span as OtelSpan | undefined; // set above
    if (span === undefined) return;
    const endTime = epochTime(call.epochMs + call.endedMs - call.startedMs);
    if (call.status !== 0) span.setAttribute(names.HTTP_STATUS, call.status);
    if (call.failure !== undefined) {
      if (call.failure instanceof Error) span.recordException(call.failure, endTime);
      span.setAttribute(names.ERROR_TYPE, errorType(call.failure));
    } else if (call.status >= 400) {
      span.setAttribute(names.ERROR_TYPE, String(call.status));
    }
    if (call.failure !== undefined || call.status >= 400) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end(endTime);
  }
}

/** A system's error code says more than the class, which is `Error` for all of them. */
function errorType(failure: unknown): string {
  if (!(failure instanceof Error)) return typeof failure === 'string' ? failure : typeof failure;
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}

function fullUrl({ scheme, authority, target }: Call): string {
  const query = queryOf(target);
  const path = query === '' ? target : target.slice(0, target.length - query.length) + redactedQuery(query);
  return `${scheme}://${authority}${path}`;
}

function partsOf(authority: string): { host: string; port: number | undefined } {
  const port = /:(\d+)$/.exec(authority)?.[1];
  const host = port === undefined ? authority : authority.slice(0, -port.length - 1);
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? undefined : Number(port) };
}

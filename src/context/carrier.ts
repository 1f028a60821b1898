import { AsyncLocalStorage } from 'node:async_hooks';
import { diagnostics } from '../core/diagnostics.js';
import {
  type CorrelationHeaders,
  DEFAULT_HEADERS,
  type HeaderBag,
  identify,
  isCorrelationId,
  traceparentOf,
} from './correlation.js';
import { newSpanId, newTraceId } from './ids.js';
import type { OtelContext } from './otel.js';
import { Context, runIn, store } from './store.js';
import type { RemoteSpan } from './traceparent.js';

/** A plain object that carries the context with a message or a job: its keys are header names in lower case. */
export type Carrier = Record<string, string>;

/** What `run` can set; what is left out comes from the surrounding context, or is made anew. */
export interface ContextValues {
  /** 1 to 128 characters of `[A-Za-z0-9._:/=+-]`; anything else is replaced by a new ID and counted. */
  readonly correlationId?: string | undefined;
}

/** The current request's or job's correlation ID; `undefined` outside of any. */
export function correlationId(): string | undefined {
  return store.getStore()?.correlationId;
}

/** Carries the context across what Node does not follow: callback queues, pools, emitters fired from elsewhere, other processes. */
export interface ContextTools {
  /** `fn` in the context of the place where it was bound, whoever calls it. */
  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R;
  /** Runs `fn` as a piece of work of its own: a job, a message, a cron tick. Throws a TypeError without a function. */
  run<T>(values: ContextValues, fn: () => T): T;
  /** Writes the current IDs into `carrier`, or into a new one, and returns it; writes nothing outside of any context. */
  inject(): Carrier;
  inject<C extends Carrier>(carrier: C): C;
  /**
   * Runs `fn` with the IDs that `carrier` brought. What it brought is checked as a request's headers are. Throws a TypeError
   * without a function.
   */
  extract<T>(carrier: HeaderBag, fn: () => T): T;
}

/** How trace headers travel with a carrier. */
interface CarriedTraces {
  remoteSpan(headers: HeaderBag): RemoteSpan | undefined;
  under(remote: RemoteSpan | undefined, headers: HeaderBag): OtelContext;
  inject(set: (name: string, value: string) => void): void;
}

/** What carriers need to know of the options. `traces` is `undefined` while they are off. */
export interface CarrierWiring {
  readonly headers: CorrelationHeaders;
  readonly traces: CarriedTraces | undefined;
}

const UNWIRED: CarrierWiring = { headers: DEFAULT_HEADERS, traces: undefined };

/** `wiring` is read on every call, because options come later than this object. */
export function contextTools(wiring: () => CarrierWiring = () => UNWIRED): ContextTools {
  function inject(): Carrier;
  function inject<C extends Carrier>(carrier: C): C;
  function inject(carrier: Carrier = {}): Carrier {
    const current = store.getStore();
    if (current === undefined) return carrier;
    const { headers, traces } = wiring();
    carrier[headers[0]] = current.correlationId;
    traces?.inject((name, value) => {
      carrier[name] = value;
    });
    return carrier;
  }
  return {
    bind: (fn) => AsyncLocalStorage.bind(fn),
    run: (values, fn) => {
      mustBeFunction('run', fn);
      return runIn(childOf(store.getStore(), values), fn);
    },
    inject,
    extract: (carrier, fn) => {
      mustBeFunction('extract', fn);
      return runIn(extracted(lowerCased(carrier), wiring()), fn);
    },
  };
}

/** Without types the first argument is easily forgotten. */
function mustBeFunction(tool: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new TypeError(`context.${tool}(): expected a function as its last argument`);
}

function extracted(given: HeaderBag, { headers, traces }: CarrierWiring): Context {
  const remote = traces === undefined ? traceparentOf(given) : traces.remoteSpan(given);
  return new Context(identify(given, headers, remote), undefined, traces?.under(remote, given));
}

function childOf(parent: Context | undefined, values: ContextValues): Context {
  const given = values.correlationId;
  const accepted = isCorrelationId(given) ? given : undefined;
  if (given !== undefined && accepted === undefined) diagnostics.drop('correlation', 'invalid_id');
  const traceId = parent?.traceId ?? newTraceId();
  const correlationId = accepted ?? (given === undefined ? (parent?.correlationId ?? traceId) : newTraceId());
  const identity = { correlationId, traceId, spanId: parent?.spanId ?? newSpanId() };
  return new Context(identity, parent?.exchange, parent?.otel, parent);
}

function lowerCased(carrier: HeaderBag): HeaderBag {
  return Object.fromEntries(Object.entries(carrier ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

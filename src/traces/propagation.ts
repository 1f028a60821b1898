import type { HeaderBag } from '../context/correlation.js';
import type { OtelApi, OtelContext, OtelPropagator, OtelSpanContext } from '../context/otel.js';
import type { RemoteSpan } from '../context/traceparent.js';
import type { Baggage } from './propagators/baggage.js';
import { parseBaggage } from './propagators/baggage-parse.js';
import { composite } from './propagators/composite.js';
import type { Propagator, SpanIds } from './propagators/propagator.js';
import { TRUSTED } from './sampler.js';

type SetHeader = (name: string, value: string) => void;

/** Between trace headers and OpenTelemetry's context, for our own requests and for the application's instrumentations. */
export class Propagation {
  readonly #api: OtelApi;
  readonly #propagator: Propagator;
  readonly #readsBaggage: boolean;

  /** `names` as in OTEL_PROPAGATORS. Throws for an unknown one. */
  constructor(api: OtelApi, names: readonly string[]) {
    this.#api = api;
    this.#propagator = composite(names);
    this.#readsBaggage = names.includes('baggage');
  }

  /** The span that the sender's headers name; a mere hint names nobody to be a child of. */
  extract(headers: HeaderBag): RemoteSpan | undefined {
    const remote = this.#propagator.extract(headers);
    return remote?.spanId === undefined ? undefined : remote;
  }

  /** `base` with the sender's baggage. */
  withBaggage(base: OtelContext, headers: HeaderBag): OtelContext {
    if (!this.#readsBaggage || headers['baggage'] === undefined) return base;
    const baggage = parseBaggage(headers['baggage']);
    if (baggage.size === 0) return base;
    const { propagation, baggageEntryMetadataFromString } = this.#api;
    const entries = [...baggage].map(([key, { value, properties }]) => [
      key,
      properties === undefined ? { value } : { value, metadata: baggageEntryMetadataFromString(properties) },
    ]);
    return propagation.setBaggage(base, propagation.createBaggage(Object.fromEntries(entries)));
  }

  /** `base` with the sender's span as parent; with `trusted` its sampling decision is ours too, if it made one. */
  withParent(base: OtelContext, remote: RemoteSpan, trusted: boolean): OtelContext {
    const parent = this.#api.trace.setSpanContext(base, spanContextOf(remote));
    return trusted && remote.undecided !== true ? parent.setValue(TRUSTED, true) : parent;
  }

  /** Writes the headers of a call that leaves from `otel`; none where no span is open. */
  inject(otel: OtelContext, set: SetHeader): void {
    const span = this.#api.trace.getSpanContext(otel);
    if (span !== undefined && this.#api.isSpanContextValid(span)) this.#propagator.inject(this.#idsOf(span, otel), set);
  }

  #idsOf({ traceId, spanId, traceFlags, traceState }: OtelSpanContext, otel: OtelContext): SpanIds {
    return { traceId, spanId, flags: traceFlags, tracestate: traceState?.serialize(), baggage: this.#baggageOf(otel) };
  }

  #baggageOf(otel: OtelContext): Baggage | undefined {
    const entries = this.#api.propagation.getBaggage(otel)?.getAllEntries();
    if (entries === undefined || entries.length === 0) return undefined;
    return new Map(entries.map(([key, { value, metadata }]) => [key, { value, properties: metadata?.toString() }]));
  }

  /** The same for OpenTelemetry instrumentations: gRPC, message queues. */
  textMap(): OtelPropagator {
    return {
      fields: () => [...this.#propagator.fields],
      inject: (otel, carrier, setter) => this.inject(otel, (name, value) => setter.set(carrier, name, value)),
      extract: (otel, carrier, getter) => {
        const headers = Object.fromEntries(
          [...this.#propagator.fields, 'baggage'].map((name) => [name, getter.get(carrier, name)]),
        );
        const remote = this.extract(headers);
        const base = this.withBaggage(otel, headers);
        return remote === undefined ? base : this.withParent(base, remote, false);
      },
    };
  }
}

export function spanContextOf({ traceId, spanId, flags, tracestate }: RemoteSpan): OtelSpanContext {
  const context = { traceId, spanId, traceFlags: flags, isRemote: true };
  return tracestate === undefined ? context : { ...context, traceState: new CarriedState(tracestate) };
}

type TraceState = NonNullable<OtelSpanContext['traceState']>;

/** A tracestate that is carried as it came: it has been checked, and the API's own parser is of an older grammar. */
class CarriedState implements TraceState {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  serialize(): string {
    return this.#text;
  }

  get(key: string): string | undefined {
    const member = this.#members().find((each) => each.startsWith(`${key}=`));
    return member?.slice(key.length + 1);
  }

  set(key: string, value: string): TraceState {
    return new CarriedState([`${key}=${value}`, ...this.#without(key)].join(','));
  }

  unset(key: string): TraceState {
    return new CarriedState(this.#without(key).join(','));
  }

  #members(): string[] {
    return this.#text === '' ? [] : this.#text.split(',');
  }

  #without(key: string): string[] {
    return this.#members().filter((each) => !each.startsWith(`${key}=`));
  }
}

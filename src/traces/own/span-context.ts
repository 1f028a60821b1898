import type { OtelContext, OtelSpan } from '../../context/otel.js';

/** Under this key every copy of the OpenTelemetry API looks for the span of a context (`createContextKey` is `Symbol.for`). */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

/** `trace.setSpan`, without a new map of all values for each span. */
export function withSpan(base: OtelContext, span: OtelSpan): OtelContext {
  return new SpanContext(base instanceof SpanContext ? base.base : base, span);
}

/** `trace.getSpan`, for a context of our own manager. */
export function spanIn(context: OtelContext | undefined): OtelSpan | undefined {
  return context?.getValue(SPAN) as OtelSpan | undefined; // what the API puts there
}

/** A context and the one span in it: never a chain of them, so that nothing above is held. */
class SpanContext implements OtelContext {
  readonly base: OtelContext;
  readonly #span: unknown;

  constructor(base: OtelContext, span: unknown) {
    this.base = base;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN ? this.#span : this.base.getValue(key);
  }

  setValue(key: symbol, value: unknown): OtelContext {
    return key === SPAN
      ? new SpanContext(this.base, value)
      : new SpanContext(this.base.setValue(key, value), this.#span);
  }

  deleteValue(key: symbol): OtelContext {
    return key === SPAN ? this.base.deleteValue(SPAN) : new SpanContext(this.base.deleteValue(key), this.#span);
  }
}

/**
 * One span as the demo shows it. Times in epoch milliseconds.
 * @typedef {{ id: string, parent: string | undefined, service: string, name: string, kind: number, startMs: number, endMs: number,
 *   failed: boolean, attributes: Readonly<Record<string, unknown>> }} Span
 */

/** The spans of the latest traces, by trace ID. Bounded: the oldest trace makes room. */
export class TraceStore {
  /** @type {Map<string, Span[]>} oldest first */
  #traces = new Map();
  #maxTraces;

  constructor({ maxTraces = 2000 } = {}) {
    this.#maxTraces = maxTraces;
  }

  /** @param {unknown} request an ExportTraceServiceRequest in OTLP/JSON */
  add(request) {
    for (const { resource, scopeSpans } of request.resourceSpans) {
      const service = attributesOf(resource.attributes)['service.name'];
      for (const { spans } of scopeSpans) for (const span of spans) this.#keep(span, service);
    }
  }

  /** @returns {readonly Span[]} */
  of(traceId) {
    return this.#traces.get(traceId) ?? [];
  }

  #keep(given, service) {
    const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, status, attributes } = given;
    const spans = this.#traces.get(traceId) ?? [];
    spans.push({
      id: spanId,
      parent: parentSpanId,
      service,
      name,
      kind,
      startMs: Number(startTimeUnixNano) / 1e6,
      endMs: Number(endTimeUnixNano) / 1e6,
      failed: status?.code === 2,
      attributes: attributesOf(attributes),
    });
    this.#traces.set(traceId, spans);
    if (this.#traces.size > this.#maxTraces) this.#traces.delete(this.#traces.keys().next().value);
  }
}

function attributesOf(list = []) {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

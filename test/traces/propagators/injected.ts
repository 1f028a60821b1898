import type { Propagator, SpanIds } from '../../../src/traces/propagators/propagator.js';

export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
export const SPAN = '00f067aa0ba902b7';
export const HALF = 'a3ce929d0e0e4736';

/** The headers that a call from that span carries. */
export function injected(propagator: Propagator, span: SpanIds): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(span, (name, value) => {
    if (Object.hasOwn(headers, name)) throw new Error(`${name} was set twice`);
    headers[name] = value;
  });
  return headers;
}

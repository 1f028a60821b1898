import { context, isSpanContextValid, trace } from '@opentelemetry/api';

/** Key under which any copy of the OpenTelemetry API keeps what was registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** The trace that the application's own OpenTelemetry set-up has open here, if it has one. */
export function activeTrace(): { readonly traceId: string } | undefined {
  const api = (globalThis as { [REGISTERED]?: { trace?: unknown } })[REGISTERED];
  if (api?.trace === undefined) return undefined;
  const span = trace.getSpanContext(context.active());
  return span !== undefined && isSpanContextValid(span) ? span : undefined;
}

import type { Exchange } from '../core/exchange.js';
import type { OtelContext } from './otel.js';
import type { RemoteSpan } from './traceparent.js';

/**
 * Opens the span of a request that enters, and notes on its exchange the span, when it began, whether the head has chosen
 * it, and who the request is by it. `given`: the client's own correlation ID; `remote`: the span that its headers name.
 * Must not throw. `undefined`: no span for this request, and its headers alone say who it is.
 */
export type OpenSpan = (
  exchange: Exchange,
  given: string | undefined,
  remote: RemoteSpan | undefined,
) => OtelContext | undefined;

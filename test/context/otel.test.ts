import { type Context, type ContextManager, context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, test } from 'vitest';
import { identify } from '../../src/context/correlation.js';
import { activeSpan, hasProvider, otelApi } from '../../src/context/otel.js';

const OPEN = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1 };

afterEach(() => {
  trace.disable();
  context.disable();
});

/** An application that has set OpenTelemetry up, with another copy of the API, and has that span open. */
function withSpanOpen(span: SpanContext | undefined): void {
  const active: Context = span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
  const manager: ContextManager = {
    active: () => active,
    with: (_context, work, self, ...args) => work.apply(self, args),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider({ getTracer: () => trace.getTracer('none') });
}

describe('the span that is open here', () => {
  test('is none while nobody has set OpenTelemetry up', () => {
    expect(hasProvider()).toBe(false);
    expect(activeSpan()).toBeUndefined();
  });

  test('is none while none is open', () => {
    withSpanOpen(undefined);
    expect(hasProvider()).toBe(true);
    expect(activeSpan()).toBeUndefined();
  });

  test('is seen whoever made it', () => {
    withSpanOpen(OPEN);
    expect(activeSpan()).toMatchObject(OPEN);
  });

  test('is none when it has no legal IDs', () => {
    withSpanOpen({ ...OPEN, traceId: '0'.repeat(32) });
    expect(activeSpan()).toBeUndefined();
    withSpanOpen({ ...OPEN, spanId: 'nonsense' });
    expect(activeSpan()).toBeUndefined();
  });

  test('gives its trace to what is identified within it, whatever the headers say', () => {
    withSpanOpen(OPEN);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(identify({ traceparent, 'x-correlation-id': 'c-1' }, ['x-correlation-id'])).toMatchObject({
      traceId: OPEN.traceId,
      correlationId: 'c-1',
    });
  });
});

test('the API is loaded once', () => {
  expect(otelApi()).toBeDefined();
  expect(otelApi()).toBe(otelApi());
});

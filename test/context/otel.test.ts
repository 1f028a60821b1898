import { trace } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { hasProvider, otelApi } from '../../src/context/otel.js';

afterEach(() => trace.disable());

test('a provider that the application registered, with any copy of the API, is seen', () => {
  expect(hasProvider()).toBe(false);
  trace.setGlobalTracerProvider({ getTracer: () => trace.getTracer('none') });
  expect(hasProvider()).toBe(true);
});

test('the API is loaded once', () => {
  expect(otelApi()).toBeDefined();
  expect(otelApi()).toBe(otelApi());
});

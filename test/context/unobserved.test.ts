import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type ContextManager,
  context,
  createContextKey,
  type Context as OtelContext,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import { core } from '@opentelemetry/sdk-node';
import { afterEach, expect, test } from 'vitest';
import { Context, store } from '../../src/context/store.js';
import { unobserved } from '../../src/context/unobserved.js';

const request = new Context({ correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, undefined);

const active = new AsyncLocalStorage<OtelContext>();
const manager: ContextManager = {
  active: () => active.getStore() ?? ROOT_CONTEXT,
  with: (otel, work, that, ...args) => active.run(otel, () => work.apply(that, args)),
  bind: (_otel, target) => target,
  enable: () => manager,
  disable: () => manager,
};

afterEach(() => context.disable());

test('what runs in it belongs to no request, and what comes after it does again', () => {
  store.run(request, () => {
    expect(unobserved(() => store.getStore())).toBeUndefined();
    expect(store.getStore()).toBe(request);
  });
});

test('the instrumentations of OpenTelemetry make no spans in it, and lose nothing else', () => {
  context.setGlobalContextManager(manager);
  const key = createContextKey('of the user');
  context.with(ROOT_CONTEXT.setValue(key, 1), () => {
    expect(unobserved(() => core.isTracingSuppressed(context.active()))).toBe(true);
    expect(unobserved(() => context.active().getValue(key))).toBe(1);
    expect(core.isTracingSuppressed(context.active())).toBe(false);
  });
});

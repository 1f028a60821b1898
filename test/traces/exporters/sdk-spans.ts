import { createRequire } from 'node:module';
import type { FinishedSpan } from '../../../src/traces/export/finished-span.js';

interface SdkSpan {
  setAttribute(key: string, value: unknown): SdkSpan;
  setStatus(status: { code: number; message?: string }): SdkSpan;
  addEvent(name: string, attributes?: object): SdkSpan;
  recordException(cause: Error): void;
  spanContext(): object;
  end(): void;
}

interface Tracer {
  startSpan(name: string, options: object, context?: unknown): SdkSpan;
}

interface Api {
  readonly ROOT_CONTEXT: unknown;
  readonly trace: { setSpan(context: unknown, span: SdkSpan): unknown };
}

interface SdkTrace {
  readonly TracerProvider: new (options: object) => { getTracer(name: string, version: string): Tracer };
}

interface Resources {
  resourceFromAttributes(attributes: object): object;
}

const own = createRequire(import.meta.url);
/** Requires from the tree of the SDK, whichever line is installed. */
export const fromSdk: (name: string) => unknown = createRequire(own.resolve('@opentelemetry/sdk-node'));

/** Three spans of a trace as the SDK makes them: a server span that failed, a client span and an internal one below it. */
export function sdkSpans(): FinishedSpan[] {
  const { TracerProvider } = fromSdk('@opentelemetry/sdk-trace') as SdkTrace;
  const { resourceFromAttributes } = fromSdk('@opentelemetry/resources') as Resources;
  const { ROOT_CONTEXT, trace } = own('@opentelemetry/api') as Api;
  const finished: FinishedSpan[] = [];
  const processor = {
    onStart: () => {},
    onEnd: (span: FinishedSpan) => void finished.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'Shop' }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('the-scope', '9.9');
  const server = tracer.startSpan(
    'GET /carts/:id',
    { kind: 1, attributes: { 'http.response.status_code': 500 } },
    ROOT_CONTEXT,
  );
  const inside = trace.setSpan(ROOT_CONTEXT, server);
  const peer = { 'server.address': 'db.internal', 'server.port': 5432 };
  const client = tracer.startSpan(
    'SELECT',
    { kind: 2, attributes: peer, links: [{ context: server.spanContext() }] },
    inside,
  );
  client.end();
  tracer.startSpan('compute', { attributes: { rows: [1, 2, 3] } }, inside).end();
  server.addEvent('cart_opened', { user: 'u-1' });
  server.recordException(new TypeError('boom'));
  server.setStatus({ code: 2, message: 'boom' }).end();
  return finished;
}

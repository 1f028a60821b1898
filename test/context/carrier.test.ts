import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type Carrier, contextTools, correlationId } from '../../src/context/carrier.js';
import { store } from '../../src/context/store.js';
import { inRequest } from '../support/contexts.js';
import { ended } from '../support/exchanges.js';
import { dropsIn } from '../support/ledger.js';

const context = contextTools();
const MADE = /^[0-9a-f]{32}$/;

test('run and extract without their first argument say what is missing', () => {
  const missing = (tool: string): TypeError =>
    new TypeError(`context.${tool}(): expected a function as its last argument`);
  // @ts-expect-error: what JavaScript lets happen
  expect(() => context.run(() => 1)).toThrow(missing('run'));
  // @ts-expect-error: what JavaScript lets happen
  expect(() => context.extract(() => 1)).toThrow(missing('extract'));
});

test('inject without a carrier makes one', () => {
  expect(inRequest('r-1', () => context.inject())).toMatchObject({ 'x-correlation-id': 'r-1' });
  expect(context.inject()).toEqual({});
});

describe('bind', () => {
  test('keeps the context of the place where it was bound', () => {
    const bound = inRequest('r-1', () => context.bind(correlationId));
    expect(bound()).toBe('r-1');
    expect(inRequest('r-2', bound)).toBe('r-1');
    expect(correlationId()).toBeUndefined();
  });

  test('passes arguments, result, `this` and what is thrown', () => {
    const bound = context.bind(function (this: unknown, a: number, b: number) {
      if (a < 0) throw new RangeError('below');
      return [this, a + b];
    });
    const self = {};
    expect(bound.call(self, 1, 2)).toEqual([self, 3]);
    expect(() => bound(-1, 0)).toThrow(RangeError);
  });

  test('outside of any request it is bound to none', () => {
    const bound = context.bind(correlationId);
    expect(inRequest('r-1', bound)).toBeUndefined();
  });

  test('a listener hears in its own request what an emitter fires from elsewhere', () => {
    const emitter = new EventEmitter();
    const heard: unknown[] = [];
    inRequest('r-1', () => {
      emitter.on('plain', () => heard.push(correlationId()));
      emitter.on(
        'bound',
        context.bind(() => heard.push(correlationId())),
      );
    });
    inRequest('r-2', () => {
      emitter.emit('plain');
      emitter.emit('bound');
    });
    emitter.emit('bound');
    expect(heard).toEqual(['r-2', 'r-1', 'r-1']);
  });

  test('a pool that calls back from whoever gives a connection back calls into the request that waited', () => {
    const waiting: (() => void)[] = [];
    const giveBack = (): void => waiting.shift()?.();
    const served: unknown[] = [];
    inRequest('r-1', () => waiting.push(context.bind(() => served.push(correlationId()))));
    inRequest('r-2', () => waiting.push(() => served.push(correlationId())));
    inRequest('r-9', giveBack);
    inRequest('r-9', giveBack);
    expect(served).toEqual(['r-1', 'r-9']);
  });
});

describe('run', () => {
  test('outside of any request makes a piece of work with an ID of its own', () => {
    const [first, second] = [context.run({}, correlationId), context.run({}, correlationId)];
    expect(first).toMatch(MADE);
    expect(second).not.toBe(first);
    expect(correlationId()).toBeUndefined();
  });

  test('takes the ID that is given', () => {
    expect(context.run({ correlationId: 'job-7' }, correlationId)).toBe('job-7');
  });

  test('an ID that breaks the rule is replaced and counted', () => {
    for (const wrong of ['a b', '', 'x'.repeat(129), 'line\nfeed']) {
      const dropped = dropsIn('correlation', 'invalid_id', () => {
        expect(context.run({ correlationId: wrong }, correlationId)).toMatch(MADE);
      });
      expect(dropped).toBe(1);
    }
  });

  test('an ID that breaks the rule is not replaced by that of the request around it', () => {
    expect(inRequest('r-1', () => context.run({ correlationId: 'a b' }, correlationId))).toMatch(MADE);
  });

  test('nested, it keeps what is not given: trace, span, exchange and what the request was set to', () => {
    const exchange = ended();
    inRequest(
      'r-1',
      () => {
        const outer = store.getStore();
        context.run({ correlationId: 'part-1' }, () => {
          const { traceId, spanId } = outer ?? {};
          const inner = store.getStore();
          expect(inner).toMatchObject({ correlationId: 'part-1', traceId, spanId });
          expect(inner?.exchange).toBe(exchange);
          expect(context.run({}, () => store.getStore()?.root)).toBe(outer);
        });
        expect(context.run({}, correlationId)).toBe('r-1');
        expect(correlationId()).toBe('r-1');
      },
      exchange,
    );
  });

  test('holds over awaits, and two side by side do not mix', async () => {
    const job = (id: string) =>
      context.run({ correlationId: id }, async () => {
        await Promise.resolve();
        await new Promise((resolve) => setImmediate(resolve));
        return correlationId();
      });
    expect(await Promise.all([job('a'), job('b')])).toEqual(['a', 'b']);
  });

  test('gives back what the work gives, and lets out what it throws', () => {
    expect(context.run({}, () => 42)).toBe(42);
    expect(() =>
      context.run({}, () => {
        throw new RangeError('boom');
      }),
    ).toThrow(RangeError);
    expect(correlationId()).toBeUndefined();
  });
});

describe('inject and extract', () => {
  test('carry the ID to another process', () => {
    const message: Carrier = inRequest('r-1', () => context.inject({ topic: 'mail' }));
    expect(message).toEqual({ topic: 'mail', 'x-correlation-id': 'r-1' });
    expect(context.extract(message, correlationId)).toBe('r-1');
  });

  test('outside of any context nothing is written', () => {
    const carrier = { a: 'b' };
    expect(context.inject(carrier)).toBe(carrier);
    expect(carrier).toEqual({ a: 'b' });
  });

  test('use the headers that are in force when they are called', () => {
    let names: readonly [string, ...string[]] = ['x-old'];
    const tools = contextTools(() => ({ headers: names, traces: undefined }));
    names = ['x-tenant-id', 'x-old'];
    expect(inRequest('r-1', () => tools.inject({}))).toEqual({ 'x-tenant-id': 'r-1' });
    expect(tools.extract({ 'x-old': 'from-before' }, correlationId)).toBe('from-before');
  });

  test('what a carrier brings is checked like the headers of a request', () => {
    const extracted = (carrier: Record<string, string | string[] | undefined>) => {
      let id: string | undefined;
      const dropped = dropsIn('correlation', 'invalid_id', () => {
        id = context.extract(carrier, correlationId);
      });
      return { id, dropped };
    };
    expect(extracted({ 'X-Correlation-ID': 'r-1' })).toEqual({ id: 'r-1', dropped: 0 });
    expect(extracted({ 'x-correlation-id': 'a b' })).toEqual({ id: expect.stringMatching(MADE), dropped: 1 });
    expect(extracted({ 'x-correlation-id': ['a', 'b'] })).toEqual({ id: expect.stringMatching(MADE), dropped: 1 });
    expect(extracted({})).toEqual({ id: expect.stringMatching(MADE), dropped: 0 });
  });

  test.each([undefined, null])('a message without any headers (%s) is a piece of work of its own', (nothing) => {
    expect(context.extract(nothing as unknown as Carrier, correlationId)).toMatch(MADE);
  });

  test('the trace of the carrier goes on, in another span, and without the exchange around it', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const seen = inRequest('r-1', () => context.extract({ TraceParent: traceparent }, () => store.getStore()), ended());
    expect(seen?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(seen?.spanId).not.toBe('00f067aa0ba902b7');
    expect(seen?.exchange).toBeUndefined();
  });
});

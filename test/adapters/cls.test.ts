import { EventEmitter } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bridge, type ClsKeys, type ClsModule, engine } from '../../src/adapters/cls.js';
import type { Namespace } from '../../src/adapters/cls-namespace.js';
import { correlationId } from '../../src/context/carrier.js';
import { listen, observing, request, stopAll } from '../http/harness.js';
import { inRequest } from '../support/contexts.js';

/** cls-hooked brings no types: its namespaces have the API of ours. */
interface Cls extends ClsModule {
  createNamespace(name: string): Namespace;
}
const require = createRequire(import.meta.url);
const cls: Cls = require('cls-hooked');

interface Installed {
  readonly namespace: Namespace;
  undo(): void;
}
const modes: Record<string, (name: string, keys?: ClsKeys) => Installed> = {
  bridge: (name, keys) => {
    const namespace = cls.createNamespace(name);
    return { namespace, undo: bridge(namespace, keys) };
  },
  engine: (name, keys) => {
    const undo = engine(cls, keys);
    return { namespace: cls.createNamespace(name), undo };
  },
};

/** One mode per process, for a namespace of cls-hooked's own turns async_hooks on for good: `cls-engine` asks for the other. */
const mode = process.env['CLS_MODE'] ?? 'bridge';
const install = modes[mode] as (typeof modes)[string];

const traceOf = (id: string): string => (Number(id.slice(1)) + 1).toString(16).padStart(32, '0');

/** What is seen in one place of one request, beside what should be. */
interface Sight {
  readonly wanted: string;
  readonly namespaceId: unknown;
  readonly traceId: unknown;
  readonly spanId: unknown;
  readonly ourId: unknown;
  readonly ownValue: unknown;
}

const places = [
  'the handler',
  'after an await',
  'a microtask',
  'a timer',
  'a tick',
  'data of the request',
  'end of the request',
  'finish of the response',
  'once on the response',
  'a bound function that a pool calls',
  'an emitter that is fired from outside',
  'runAndReturn',
  'runPromise',
  'after runPromise',
] as const;
type Place = (typeof places)[number];

describe(`${mode} mode: 200 requests at once`, () => {
  const REQUESTS = 200;
  const sights = new Map<Place, Sight[]>(places.map((place) => [place, []]));
  const pool: (() => void)[] = [];
  const shared = new EventEmitter().setMaxListeners(0);
  let installed: Installed;

  function look(place: Place, wanted: string): void {
    const { namespace } = installed;
    sights.get(place)?.push({
      wanted,
      namespaceId: namespace.get('correlationId'),
      traceId: namespace.get('traceId'),
      spanId: namespace.get('spanId'),
      ourId: correlationId(),
      ownValue: namespace.get('own'),
    });
  }

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { namespace } = installed;
    const id = String(request.headers['x-correlation-id']);
    const at = (place: Place) => (): void => look(place, id);
    namespace.set('own', id);
    at('the handler')();
    request.on('data', at('data of the request'));
    request.on('end', at('end of the request'));
    response.on('finish', at('finish of the response'));
    response.once('finish', at('once on the response'));
    process.nextTick(at('a tick'));
    queueMicrotask(at('a microtask'));
    namespace.runAndReturn(at('runAndReturn'));
    await namespace.runPromise(async () => {
      await null;
      at('runPromise')();
    });
    at('after runPromise')();
    await Promise.all([
      new Promise<void>((resolve) =>
        pool.push(
          namespace.bind(() => {
            at('a bound function that a pool calls')();
            resolve();
          }),
        ),
      ),
      new Promise<void>((resolve) =>
        shared.once('fire', () => {
          at('an emitter that is fired from outside')();
          resolve();
        }),
      ),
      new Promise<void>((resolve) => request.on('end', resolve)),
    ]);
    at('after an await')();
    setTimeout(() => {
      at('a timer')();
      response.end(id);
    }, 1);
  }

  beforeAll(async () => {
    installed = install('requests');
    const { namespace } = installed;
    namespace.bindEmitter(shared);
    const outside = setInterval(() => {
      shared.emit('fire');
      for (const work of pool.splice(0)) work();
    }, 2);
    const observed = observing({ log: { accessLog: false } });
    const server = http.createServer((request, response) => {
      namespace.bindEmitter(request);
      namespace.bindEmitter(response);
      namespace.run(() => void handle(request, response));
    });
    const port = await listen(server);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
    await Promise.all(
      Array.from({ length: REQUESTS }, (_, i) => {
        const headers = { 'x-correlation-id': `r${i}`, traceparent: `00-${traceOf(`r${i}`)}-${'b'.repeat(16)}-01` };
        return request(port, '/', { method: 'POST', headers, agent }, 'body');
      }),
    );
    clearInterval(outside);
    agent.destroy();
    expect(observed.observability.signals.snapshot().errors.count).toBe(0);
  });
  afterAll(async () => {
    installed.undo();
    await stopAll();
  });

  test.each(places)('no ID is wrong in %s', (place) => {
    const seen = sights.get(place) ?? [];
    const wrong = seen.filter(
      ({ wanted, namespaceId, traceId, spanId, ourId, ownValue }) =>
        namespaceId !== wanted ||
        ourId !== wanted ||
        ownValue !== wanted ||
        traceId !== traceOf(wanted) ||
        !/^[0-9a-f]{16}$/.test(String(spanId)),
    );

    expect(seen).toHaveLength(REQUESTS);
    expect(wrong).toEqual([]);
  });
});

describe(`${mode} mode: a namespace`, () => {
  let installed: Installed;
  let namespace: Namespace;
  beforeAll(() => {
    installed = install('own values');
    namespace = installed.namespace;
  });
  afterAll(() => installed.undo());

  test('answers what it holds itself under those keys when there is no context of ours', () => {
    expect(namespace.get('correlationId')).toBeUndefined();
    namespace.run(() => {
      namespace.set('correlationId', 'theirs');
      expect(namespace.get('correlationId')).toBe('theirs');
      expect(inRequest('ours', () => namespace.get('correlationId'))).toBe('ours');
      expect(namespace.get('correlationId')).toBe('theirs');
    });
  });

  test('a child context sees its parent and does not write to it', () => {
    namespace.run(() => {
      namespace.set('a', 1);
      namespace.run((inner) => {
        expect([namespace.get('a'), namespace.active]).toEqual([1, inner]);
        namespace.set('a', 2);
      });
      expect(namespace.get('a')).toBe(1);
    });
    expect(namespace.active).toBeNull();
  });

  test('a bound function gets its this, its arguments and its bound context, and gives its answer', () => {
    const context = namespace.createContext();
    context['a'] = 'bound';
    const bound = namespace.bind(function (...args) {
      return [this, args, namespace.get('a')];
    }, context);

    expect(Reflect.apply(bound, 'me', [1, 2, 3])).toEqual(['me', [1, 2, 3], 'bound']);
  });

  test('a function that is bound in set-up sees the ID of its caller', () => {
    const bound = namespace.bind(() => [correlationId(), namespace.get('correlationId')]);

    expect(bound()).toEqual([undefined, undefined]);
    expect(inRequest('caller', bound)).toEqual(['caller', 'caller']);
  });

  test('a function that is bound in a request keeps its ID in another', () => {
    const bound = inRequest('mine', () => namespace.bind(() => [correlationId(), namespace.get('correlationId')]));

    expect(inRequest('other', () => [bound(), correlationId()])).toEqual([['mine', 'mine'], 'other']);
  });

  test('an error remembers the context that it came from', async () => {
    const failing = (): never => {
      throw namespace.get('error');
    };
    const failures = [new Error('run'), new Error('bind'), new Error('promise')];
    const contexts = failures.map((error) => Object.assign(namespace.createContext(), { error }));

    for (const [i, context] of contexts.entries()) {
      namespace.bind(() => {
        const outcomes = [
          () => namespace.run(failing),
          () => namespace.bind(failing)(),
          () => void namespace.runPromise(async () => failing()).catch(() => {}),
        ];
        try {
          outcomes[i]?.();
        } catch {}
      }, context)();
    }
    await new Promise(setImmediate);

    for (const failure of failures) expect(namespace.fromException(failure)).toMatchObject({ error: failure });
  });
});

test(`${mode} mode: keys can be named otherwise`, () => {
  const { namespace, undo } = install('named', { correlationId: 'requestId', spanId: 'span' });

  const seen = inRequest('r1', () =>
    ['requestId', 'correlationId', 'traceId', 'span'].map((key) => namespace.get(key)),
  );

  undo();
  expect(seen).toEqual(['r1', undefined, 'a'.repeat(32), 'b'.repeat(16)]);
  const typo: object = { correlationID: 'x' };
  expect(() => install('typo', typo)).toThrow(
    "There is no ID 'correlationID': keys may name correlationId, traceId, spanId",
  );
});

describe(`${mode} mode: a bound emitter`, () => {
  let installed: Installed;
  beforeAll(() => {
    installed = install('emitters');
  });
  afterAll(() => installed.undo());

  function bound(times = 1): EventEmitter {
    const emitter = new EventEmitter();
    for (let i = 0; i < times; i++) installed.namespace.bindEmitter(emitter);
    return emitter;
  }

  test('removes and lists listeners as if they were not bound', () => {
    inRequest('r1', () => {
      const emitter = bound();
      const calls: string[] = [];
      const listeners = {
        on: () => calls.push('on'),
        addListener: () => calls.push('addListener'),
        once: () => calls.push('once'),
        prependListener: () => calls.push('prependListener'),
        prependOnceListener: () => calls.push('prependOnceListener'),
      };
      for (const [name, listener] of Object.entries(listeners)) {
        emitter[name as keyof typeof listeners]('event', listener);
      }
      expect(new Set(emitter.listeners('event'))).toEqual(new Set(Object.values(listeners)));
      emitter.emit('event');
      expect(calls).toEqual(['prependOnceListener', 'prependListener', 'on', 'addListener', 'once']);
      expect(emitter.listenerCount('event')).toBe(3);
      emitter.off('event', listeners.on).removeListener('event', listeners.addListener).once('event', listeners.once);
      emitter.off('event', listeners.once).removeListener('event', listeners.prependListener);
      expect(emitter.listenerCount('event')).toBe(0);
      emitter.on('event', listeners.on).removeAllListeners('event');
      expect(emitter.emit('event')).toBe(false);
    });
  });

  test('a listener can remove itself while it is called', () => {
    inRequest('r1', () => {
      const emitter = bound();
      let calls = 0;
      const listener = (): void => {
        calls++;
        emitter.removeListener('event', listener);
      };
      emitter.on('event', listener);
      emitter.emit('event');
      emitter.emit('event');
      expect([calls, emitter.listenerCount('event')]).toEqual([1, 0]);
    });
  });

  test('one function that listens in many requests sees the ID of each', () => {
    const seen: unknown[] = [];
    const listener = (): void => void seen.push([correlationId(), installed.namespace.get('own')]);
    const emitters = ['r1', 'r2', 'r3'].map((id) =>
      inRequest(id, () => {
        const emitter = bound();
        installed.namespace.run(() => {
          installed.namespace.set('own', id);
          emitter.on('event', listener);
        });
        return emitter;
      }),
    );

    for (const emitter of emitters) emitter.emit('event');

    expect(seen).toEqual([
      ['r1', 'r1'],
      ['r2', 'r2'],
      ['r3', 'r3'],
    ]);
  });

  test('keeps the contexts of two namespaces', () => {
    const second = install('second');
    const namespaces = [installed.namespace, second.namespace];
    const emitter = bound();
    second.namespace.bindEmitter(emitter);
    let seen: unknown[] = [];
    inRequest('r1', () =>
      installed.namespace.run(() =>
        second.namespace.run(() => {
          for (const namespace of namespaces) namespace.set('own', namespace.name);
          emitter.once('event', () => {
            seen = [correlationId(), ...namespaces.map((namespace) => namespace.get('own'))];
          });
        }),
      ),
    );

    emitter.emit('event');

    expect(seen).toEqual(['r1', 'emitters', 'second']);
    expect(emitter.listenerCount('event')).toBe(0);
  });

  test('is not wrapped deeper by being bound, or listened to, 1,000 times', () => {
    inRequest('r1', () => {
      const emitter = bound(1_000);
      for (let i = 0; i < 1_000; i++) {
        const listener = (): void => {};
        emitter.on('event', listener).off('event', listener);
      }
      let id: unknown;
      emitter.once('event', () => {
        id = correlationId();
      });
      emitter.emit('event');
      expect([id, emitter.listenerCount('event')]).toEqual(['r1', 0]);
    });
  });

  test('a listener that is added outside of any context can set values', () => {
    const emitter = bound();
    let seen: unknown;
    emitter.on('event', () => {
      installed.namespace.set('own', 1);
      seen = installed.namespace.get('own');
    });

    emitter.emit('event');

    expect(seen).toBe(1);
  });

  test('what is no emitter is refused', () => {
    expect(() => Reflect.apply(installed.namespace.bindEmitter, installed.namespace, [{}])).toThrow(
      'can only bind real EEs',
    );
  });
});

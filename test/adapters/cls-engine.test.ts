import asyncHooks from 'node:async_hooks';
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bridge, type ClsModule, engine } from '../../src/adapters/cls.js';
import type { Namespace } from '../../src/adapters/cls-namespace.js';
import { correlationId } from '../../src/context/carrier.js';
import { listen, observing, request, stopAll } from '../http/harness.js';
import { inRequest } from '../support/contexts.js';

interface Cls extends ClsModule {
  createNamespace(name: string): Namespace;
}
const require = createRequire(import.meta.url);
const cls: Cls = require('cls-hooked');
const original = cls.createNamespace;
const host = process as NodeJS.Process & { namespaces: Record<string, unknown> };
const createHook = vi.spyOn(asyncHooks, 'createHook');

process.env['CLS_MODE'] = 'engine';
await import('./cls.test.js'); // the contract of both modes

describe('the engine', () => {
  let undo = (): void => {};
  beforeEach(() => {
    undo = engine();
  });
  afterEach(() => undo());
  afterAll(stopAll);

  test('runs on the installed cls-hooked, which is the one that the application requires', () => {
    const namespace = cls.createNamespace('found');

    expect(inRequest('r1', () => namespace.get('correlationId'))).toBe('r1');
    expect([cls.getNamespace('found'), host.namespaces['found']]).toEqual([namespace, namespace]);
  });

  test('is installed once per module, by whatever name the module is passed', async () => {
    const module = await import('cls-hooked' as string);
    const { createNamespace } = cls;

    expect([engine(), engine(cls), engine(module), engine(module.default)]).toEqual([undo, undo, undo, undo]);
    expect(cls.createNamespace).toBe(createNamespace);
    expect(() => engine({} as ClsModule)).toThrow('engine() needs the module object of cls-hooked');
  });

  test('gives everything back when it is undone, and its namespaces go on for those who hold them', () => {
    undo();
    const before = [{ ...cls }, host.namespaces];
    undo = engine();
    expect([{ ...cls }, host.namespaces]).not.toEqual(before);
    const namespace = cls.createNamespace('kept');

    undo();
    undo();

    expect({ ...cls }).toEqual(before[0]);
    expect(host.namespaces).toBe(before[1]);
    expect(inRequest('r1', () => namespace.get('correlationId'))).toBe('r1');
  });

  test('leaves alone what was put on top of it', () => {
    const theirs = vi.fn();
    cls.createNamespace = theirs;

    undo();

    expect(cls.createNamespace).toBe(theirs);
    cls.createNamespace = original;
  });

  test('destroys and resets as cls-hooked does, and more than once', () => {
    cls.createNamespace('gone');
    cls.createNamespace('also gone');
    cls.destroyNamespace('gone');

    expect(cls.getNamespace('gone')).toBeNull();
    expect(() => cls.destroyNamespace('gone')).toThrow(`can't delete nonexistent namespace! "gone"`);
    expect(() => cls.destroyNamespace('toString')).toThrow("can't delete");
    cls.reset();
    cls.reset();
    expect(Object.keys(host.namespaces)).toEqual([]);
    expect(() => cls.createNamespace('')).toThrow('namespace must be given a name.');
  });

  test('a namespace can be bridged too, under other names', () => {
    const namespace = cls.createNamespace('both');
    const restore = bridge(namespace, { correlationId: 'requestId' });

    expect(inRequest('r1', () => [namespace.get('requestId'), namespace.get('correlationId')])).toEqual(['r1', 'r1']);
    restore();
    expect(inRequest('r1', () => namespace.get('requestId'))).toBeUndefined();
  });

  test('set outside of any context throws', () => {
    expect(() => cls.createNamespace('x').set('a', 1)).toThrow('No context available. ns.run() or ns.bind()');
  });

  test('enter lasts over what goes on from there, until exit, in any order', async () => {
    const namespace = cls.createNamespace('entering');
    const [a, b] = [namespace.createContext(), namespace.createContext()];
    const seen = await namespace.runAndReturn(async () => {
      const outer = namespace.active;
      await null; // what is entered from here on is not the caller's
      namespace.enter(a);
      namespace.enter(b);
      await new Promise(setImmediate);
      const inside = namespace.active === b;
      namespace.exit(a);
      const below = namespace.active === b;
      namespace.exit(b);
      return [inside, below, namespace.active === outer];
    });

    expect(seen).toEqual([true, true, true]);
    expect(() => namespace.exit(a)).toThrow("context not currently entered; can't exit.");
    expect(() => Reflect.apply(namespace.enter, namespace, [])).toThrow('context must be provided for entering');
    expect(namespace.active).toBeNull();
  });

  test('active can be set', () => {
    const namespace = cls.createNamespace('setting');
    const context = Object.assign(namespace.createContext(), { own: 1 });
    namespace.run((outer) => {
      namespace.active = context;
      expect(namespace.get('own')).toBe(1);
      namespace.active = outer;
      expect(namespace.get('own')).toBeUndefined();
    });
  });

  test('the context is the one before after runPromise', async () => {
    const namespace = cls.createNamespace('promise');

    expect(await namespace.runPromise(async () => 'answer')).toBe('answer');

    expect(namespace.active).toBeNull();
    const notAPromise = [() => 1, () => undefined];
    for (const fn of notAPromise) {
      expect(() => Reflect.apply(namespace.runPromise, namespace, [fn])).toThrow('fn must return a promise.');
    }
  });

  test('an error keeps its context out of what is enumerated, and what is no object passes as it is', () => {
    const namespace = cls.createNamespace('errors');
    const failure = Object.freeze(new Error('frozen'));
    for (const thrown of ['text', undefined, failure]) {
      let caught: unknown = 'nothing';
      try {
        namespace.run(() => {
          throw thrown;
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    }
    const error = new Error('open');
    expect(() =>
      namespace.run(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(namespace.fromException(error)).toMatchObject({ _ns_name: 'errors' });
    expect(Object.keys(error)).toEqual([]);
  });

  test('contexts are released, also when they hold a Promise', async () => {
    const REQUESTS = 500;
    const namespace = cls.createNamespace('memory');
    const contexts: WeakRef<object>[] = [];
    observing({ log: { accessLog: false } });
    const server = http.createServer((_request, response) => {
      namespace.run(async (context) => {
        contexts.push(new WeakRef(context));
        namespace.set('promise', Promise.resolve(context));
        namespace.bindEmitter(response);
        response.on('finish', () => namespace.get('promise'));
        await namespace.runPromise(async () => {
          namespace.set('endless', new Promise(() => {}));
        });
        response.end(correlationId());
      });
    });
    const port = await listen(server);
    for (let i = 0; i < REQUESTS; i += 50) await Promise.all(Array.from({ length: 50 }, () => request(port)));
    server.closeAllConnections();
    server.close();
    await once(server, 'close');

    expect(contexts).toHaveLength(REQUESTS);
    expect(await alive(contexts)).toBeLessThan(REQUESTS / 50);
  });

  test('a chain of bound callbacks keeps the last context alone', async () => {
    const namespace = cls.createNamespace('chain');
    const contexts: WeakRef<object>[] = [];
    const last = await new Promise<unknown>((resolve) => {
      const step = (left: number): void => {
        const context = {};
        contexts.push(new WeakRef(context));
        if (left === 0) resolve(asyncHooks.AsyncLocalStorage.snapshot());
        else setImmediate(namespace.bind(() => step(left - 1), context));
      };
      step(500);
    });

    expect(await alive(contexts)).toBeLessThan(10);
    expect(last).toBeTypeOf('function'); // and lives until here
  });

  test('turns async_hooks on for none of this', () => {
    expect(createHook).not.toHaveBeenCalled();
  });
});

async function alive(references: readonly WeakRef<object>[]): Promise<number> {
  v8.setFlagsFromString('--expose-gc');
  const collect: () => void = vm.runInNewContext('gc');
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate); // a WeakRef holds what it gave until the end of the job
    collect();
  }
  return references.filter((reference) => reference.deref() !== undefined).length;
}

import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { bridge, type ClsModule, engine } from '../../src/adapters/cls.js';
import type { Namespace } from '../../src/adapters/cls-namespace.js';
import { correlationId } from '../../src/context/carrier.js';
import { diagnostics, type Notice } from '../../src/core/diagnostics.js';
import { inRequest } from '../support/contexts.js';

interface Cls extends ClsModule {
  createNamespace(name: string): Namespace;
}
const require = createRequire(import.meta.url);
const cls: Cls = require('cls-hooked');
const OURS = ['get', 'bind', 'bindEmitter'];

describe('a bridge', () => {
  test('is put up once per namespace, and its undo restores the namespace', () => {
    const namespace = cls.createNamespace('once');
    const own = Object.keys(namespace);
    const undo = bridge(namespace);

    expect(bridge(namespace, { correlationId: 'other' })).toBe(undo);
    expect(OURS.filter((name) => Object.hasOwn(namespace, name))).toEqual(OURS);
    expect(Object.keys(namespace)).toEqual(own);
    undo();
    undo();

    expect(OURS.filter((name) => Object.hasOwn(namespace, name))).toEqual([]);
    expect(inRequest('r1', () => namespace.get('correlationId'))).toBeUndefined();
    bridge(namespace, { correlationId: 'other' });
    expect(inRequest('r1', () => namespace.get('other'))).toBe('r1');
  });

  test("restores a namespace's own methods, and leaves alone what was put on top", () => {
    const namespace = cls.createNamespace('wrapped');
    const theirs = (): string => 'theirs';
    namespace.get = theirs;
    const undo = bridge(namespace);
    expect(namespace.get('x')).toBe('theirs');
    const onTop = namespace.bind.bind(namespace);
    namespace.bind = onTop;

    undo();

    expect(namespace.get).toBe(theirs);
    expect(namespace.bind).toBe(onTop);
  });

  test.each([undefined, null, {}, 'name'])('refuses %s', (value) => {
    expect(() => Reflect.apply(bridge, undefined, [value])).toThrow('bridge() needs a namespace of cls-hooked');
  });

  test('takes over an emitter that cls-hooked has bound before', () => {
    const namespace = cls.createNamespace('before');
    const emitter = new EventEmitter();
    namespace.bindEmitter(emitter);
    const undo = bridge(namespace);
    namespace.bindEmitter(emitter);
    const seen: unknown[] = [];
    inRequest('r1', () =>
      namespace.run(() => {
        namespace.set('own', 'value');
        const listener = (): void => void seen.push(correlationId(), namespace.get('own'));
        for (let i = 0; i < 1000; i++) emitter.on('event', listener).off('event', listener);
        emitter.once('event', listener);
      }),
    );

    emitter.emit('event');
    emitter.emit('event');
    undo();

    expect(seen).toEqual(['r1', 'value']);
    expect(emitter.listenerCount('event')).toBe(0);
  });
});

describe('the engine that comes late', () => {
  afterEach(() => diagnostics.speakThrough(undefined));

  test('says so once, bridges what is there and runs what comes', () => {
    const told: Notice[] = [];
    diagnostics.speakThrough((notice) => told.push(notice));
    cls.reset();
    const early = [cls.createNamespace('early'), cls.createNamespace('early too')];
    const { createNamespace } = cls; // as an ES module's named import holds it
    const undo = engine(cls);
    const late = cls.createNamespace('late');
    const escaped = createNamespace('escaped');
    const all = [...early, late, escaped];

    expect(told.map(({ code }) => code)).toEqual(['cls engine late']);
    expect(all.map(({ name }) => cls.getNamespace(name))).toEqual(all);
    expect(inRequest('r1', () => all.map((namespace) => namespace.get('correlationId')))).toEqual(Array(4).fill('r1'));
    expect(all.map((namespace) => Object.hasOwn(namespace, 'get'))).toEqual([true, true, false, true]);
    undo();
    expect(all.map((namespace) => Object.hasOwn(namespace, 'get'))).toEqual(Array(4).fill(false));
    expect(early.map(({ name }) => cls.getNamespace(name))).toEqual(early);
  });
});

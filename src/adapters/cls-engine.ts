import assert from 'node:assert';
import { diagnostics } from '../core/diagnostics.js';
import { slot } from '../core/slot.js';
import { bridge, isBridgeable } from './cls-bridge.js';
import { type ClsKeys, idReader } from './cls-keys.js';
import { type ClsModule, clsModule, host, type Registry } from './cls-module.js';
import { Namespace } from './cls-namespace.js';
import { override } from './cls-override.js';

/** The undo of every module object that runs on the engine: by this copy of the package or by another. */
const running = slot('cls.engines', () => new WeakMap<object, () => void>());

const LATE =
  'A namespace of cls-hooked was created without the engine: it is bridged, async_hooks stays on. Call engine() before ' +
  'createNamespace(); where that is imported by name into an ES module, call it in a module that is imported first';

/**
 * Engine mode: cls-hooked's functions make namespaces that stand on `AsyncLocalStorage`, with the same API, and
 * `async_hooks` is not turned on. `get` answers our IDs as in bridge mode; `bind` and `bindEmitter` keep our context.
 *
 * To be called before the application creates a namespace. One that was created without the engine, before the call or
 * by a reference to `createNamespace` that was taken before it, is told of once and bridged. `cls` is the module object
 * that the application uses; without it, the installed one. Throws when there is none.
 *
 * Not as in cls-hooked:
 * - Our IDs are answered by `get` alone: they are no properties of `active` and of what `run` passes.
 * - `enter` lasts for the work that goes on from there, as `AsyncLocalStorage.enterWith` does, not until the end of
 *   the callback; `exit` of a context that `run` or `bind` entered leaves none, and the end of `run` still restores.
 * - After `await runPromise()` the context is the one before it (cls-hooked leaves it set).
 * - A function that listens in several contexts has, in each, the one in which it was added (cls-hooked: the last).
 * - `bindEmitter` also binds what `prependListener` adds, and binds once however often it is called.
 * - `reset` passes over namespaces that were destroyed (cls-hooked throws), and keeps the object `process.namespaces`.
 * - What is thrown and cannot take a property, such as a string, is passed on as it is (cls-hooked throws a TypeError).
 * - `error@context` on an error is not enumerable, so that it stays out of log lines.
 * - A context's `id` is the current execution's; the fields `_contexts`, `_set` and `_indent` do not exist.
 *
 * The undo restores the module object and `process.namespaces`; namespaces of the engine go on working for those who
 * hold them. A second call for the same module changes nothing and returns the same undo.
 */
export function engine(cls?: ClsModule, keys?: ClsKeys): () => void {
  const module = clsModule(cls);
  const known = running.get(module);
  if (known !== undefined) return known;
  const readId = idReader(keys);
  const restores: (() => void)[] = [];
  const adopt = (namespace: unknown): void => {
    if (namespace instanceof Namespace || !isBridgeable(namespace)) return;
    diagnostics.warn('cls engine late', LATE);
    restores.push(bridge(namespace, keys));
  };
  const registry = adopting(host.namespaces ?? {}, adopt);
  const functions: ClsModule = {
    createNamespace: (name) => {
      assert.ok(name, 'namespace must be given a name.');
      const namespace = new Namespace(name, readId);
      registry[name] = namespace;
      return namespace;
    },
    getNamespace: (name) => registry[name],
    destroyNamespace: (name) => {
      assert.ok(registry[name], `can't delete nonexistent namespace! "${name}"`);
      registry[name] = null;
    },
    reset: () => {
      for (const name of Object.keys(registry)) delete registry[name];
    },
  };
  restores.push(override(host, 'namespaces', registry));
  for (const name of ['createNamespace', 'getNamespace', 'destroyNamespace', 'reset'] as const) {
    restores.push(override(module, name, functions[name]));
  }
  const undo = (): void => {
    running.delete(module);
    for (const restore of restores.splice(0).reverse()) restore();
  };
  running.set(module, undo);
  return undo;
}

/** A registry that begins with the namespaces of another and shows `adopt` each one that comes in. */
function adopting(earlier: Registry, adopt: (namespace: unknown) => void): Registry {
  const registry: Registry = Object.create(null);
  for (const [name, namespace] of Object.entries(earlier)) {
    adopt(namespace);
    registry[name] = namespace;
  }
  return new Proxy(registry, {
    set: (target, name, namespace, receiver) => {
      adopt(namespace);
      return Reflect.set(target, name, namespace, receiver);
    },
  });
}

import type { EventEmitter } from 'node:events';
import { store } from '../context/store.js';
import { override } from './cls-override.js';

/** `this` is passed on as it comes. */
export type Callback = (this: unknown, ...args: unknown[]) => unknown;

/**
 * `fn` in our context of this place, whoever calls it. Where there is none, as in a program's set-up, it keeps the
 * context of its caller: to be bound must not lose the ID that it would have seen unbound.
 */
export function carrying(fn: Callback): Callback {
  const ours = store.getStore();
  if (ours === undefined) return fn;
  return function (...args) {
    return store.getStore() === ours ? fn.apply(this, args) : store.run(ours, () => fn.apply(this, args));
  };
}

/** A listener with another's in it, as Node's `once` makes them: removed, and shown, under the inner one's name. */
interface Listener extends Callback {
  listener?: Callback;
}

type Add = (event: string | symbol, listener: Callback) => unknown;
type Adding = Record<'on' | 'addListener' | 'prependListener' | 'removeListener', Add>;

/**
 * Binds every listener that is added from now on by `bind`, in the place where it is added. Each registration is bound
 * by itself: one function may listen for many requests. Listeners are removed and listed as if they were not bound.
 */
export function bindListeners(emitter: EventEmitter, bind: (fn: Callback) => Callback): void {
  const target = emitter as unknown as Adding; // its listeners take `any`, ours take what comes
  const registered = new WeakMap<Callback, Callback>();
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    const add = target[name];
    const adding: Add = function (this: unknown, event, listener) {
      return add.call(this, event, typeof listener === 'function' ? wrap(listener) : listener);
    };
    override(target, name, marked(adding, add));
  }
  const remove = target.removeListener;
  override(target, 'removeListener', function (this: unknown, event, listener) {
    return remove.call(this, event, registered.get(listener) ?? listener);
  });

  function wrap(listener: Listener): Callback {
    const bound: Listener = bind(listener);
    if (bound === listener) return listener;
    bound.listener = listener.listener ?? listener;
    if (listener.listener !== undefined) registered.set(listener, bound); // `once` removes its wrapper by identity
    return bound;
  }
}

/** emitter-listener, which cls-hooked binds emitters by, wraps anew on every `on` what lacks its mark. */
function marked(adding: Add, original: Add & { __wrapped?: boolean }): Add {
  return original.__wrapped === true ? Object.assign(adding, { __wrapped: true }) : adding;
}

import type { EventEmitter } from 'node:events';
import { slot } from '../core/slot.js';
import { bindListeners, type Callback, carrying } from './cls-carry.js';
import { type ClsKeys, idReader } from './cls-keys.js';
import { override } from './cls-override.js';

/** What is used of a namespace of cls-hooked. Structural, so that its own types fit. */
export interface Bridgeable {
  get(key: string): unknown;
  bind(fn: Callback, context?: unknown): Callback;
  bindEmitter(emitter: EventEmitter): void;
}

/** The undo of every namespace that is bridged: by this copy of the package or by another. */
const bridged = slot('cls.bridged', () => new WeakMap<object, () => void>());
/** Emitters that carry our context already: it is one for all namespaces. */
const carriers = slot('cls.carriers', () => new WeakSet<object>());

/**
 * Bridge mode, for a namespace that exists: `get` answers our IDs from our current context, and outside of any what the
 * namespace itself holds under that key; functions bound by `bind`, and listeners added to an emitter after
 * `bindEmitter`, keep our context too. What is bound where there is no context of ours, as in a program's set-up, sees
 * its caller's. `set` still writes to the namespace alone.
 *
 * Not changed: what cls-hooked costs (`async_hooks` stays on for the process) and keeps (contexts that hold a Promise).
 *
 * The undo restores the namespace; what is bound by then stays bound. A namespace is bridged once: until the undo,
 * further calls change nothing, not the keys either, and return the same undo.
 */
export function bridge(namespace: Bridgeable | undefined, keys?: ClsKeys): () => void {
  if (!isBridgeable(namespace))
    throw new TypeError(`bridge() needs a namespace of cls-hooked, not ${String(namespace)}`);
  const known = bridged.get(namespace);
  if (known !== undefined) return known;
  const readId = idReader(keys);
  const { get, bind, bindEmitter } = namespace;
  const restores = [
    override(namespace, 'get', (key) => readId(key) ?? get.call(namespace, key)),
    override(namespace, 'bind', (fn, context) => carrying(bind.call(namespace, fn, context))),
    override(namespace, 'bindEmitter', (emitter) => {
      carryListeners(emitter); // below cls-hooked's own binding: that one then sees one function per registration
      bindEmitter.call(namespace, emitter);
    }),
  ];
  const undo = (): void => {
    bridged.delete(namespace);
    for (const restore of restores.splice(0)) restore();
  };
  bridged.set(namespace, undo);
  return undo;
}

export function isBridgeable(value: unknown): value is Bridgeable {
  const namespace = value as Partial<Bridgeable> | null | undefined;
  return (
    typeof namespace?.get === 'function' &&
    typeof namespace.bind === 'function' &&
    typeof namespace.bindEmitter === 'function'
  );
}

function carryListeners(emitter: EventEmitter): void {
  if (typeof emitter?.on !== 'function' || carriers.has(emitter)) return; // cls-hooked refuses what is no emitter
  carriers.add(emitter);
  bindListeners(emitter, carrying);
}

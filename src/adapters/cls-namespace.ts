import assert from 'node:assert';
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { bindListeners, type Callback, carrying } from './cls-carry.js';
import type { IdReader } from './cls-keys.js';

/** A namespace's values at one place; a child inherits from its parent. */
type ClsContext = Record<string, unknown>;

/** What is active, and below it what `enter` has put it on: `run` and `bind` restore by themselves and leave that out. */
interface Frame {
  readonly context: ClsContext | null;
  readonly below: Frame | undefined;
}

/** Where cls-hooked notes on an error the context that it came from. */
const ERROR_SYMBOL = 'error@context';

/** A namespace with cls-hooked's API whose contexts travel by an `AsyncLocalStorage` of its own. */
export class Namespace {
  readonly name: string;
  /** cls-hooked refuses to destroy what has no ID; its own is -1 until `async_hooks` is on. */
  readonly id = -1;
  readonly #frames = new AsyncLocalStorage<Frame | undefined>();
  readonly #emitters = new WeakSet<EventEmitter>();
  readonly #readId: IdReader;

  constructor(name: string, readId: IdReader) {
    this.name = name;
    this.#readId = readId;
  }

  get active(): ClsContext | null {
    return this.#frames.getStore()?.context ?? null;
  }

  set active(context: ClsContext | null) {
    this.#frames.enterWith({ context, below: this.#frames.getStore()?.below });
  }

  get(key: string): unknown {
    return this.#readId(key) ?? this.active?.[key];
  }

  set<T>(key: string, value: T): T {
    const { active } = this;
    if (active === null) throw new Error('No context available. ns.run() or ns.bind() must be called first.');
    active[key] = value;
    return value;
  }

  createContext(): ClsContext {
    const context: ClsContext = Object.create(this.active ?? Object.prototype);
    context['_ns_name'] = this.name;
    context['id'] = executionAsyncId();
    return context;
  }

  run(fn: (context: ClsContext) => unknown): ClsContext {
    const context = this.createContext();
    this.#within(context, () => fn(context));
    return context;
  }

  runAndReturn<T>(fn: (context: ClsContext) => T): T {
    const context = this.createContext();
    return this.#within(context, () => fn(context));
  }

  runPromise<T>(fn: (context: ClsContext) => Promise<T>): Promise<T> {
    const context = this.createContext();
    const promise = this.#within(context, () => fn(context));
    if (typeof promise?.then !== 'function' || typeof promise.catch !== 'function') {
      throw new Error('fn must return a promise.');
    }
    return promise.catch((failure: unknown) => {
      note(failure, context);
      throw failure;
    });
  }

  /** Binds to `context`, or the active one, or else a new one; and to our own context of this place. */
  bind(fn: Callback, context?: ClsContext | null): Callback {
    const within = context ?? this.active ?? this.createContext();
    const namespace = this;
    return carrying(function (...args) {
      return namespace.#within(within, () => fn.apply(this, args));
    });
  }

  bindEmitter(emitter: EventEmitter): void {
    const isEmitter = [emitter?.on, emitter?.addListener, emitter?.emit].every(
      (member) => typeof member === 'function',
    );
    assert.ok(isEmitter, 'can only bind real EEs');
    if (this.#emitters.has(emitter)) return;
    this.#emitters.add(emitter);
    bindListeners(emitter, (listener) => (this.active === null ? this.#bindLate(listener) : this.bind(listener)));
  }

  enter(context: ClsContext): void {
    assert.ok(context, 'context must be provided for entering');
    this.#frames.enterWith({ context, below: this.#frames.getStore() });
  }

  /** Takes the latest entry of `context` away, also from below others. */
  exit(context: ClsContext): void {
    assert.ok(context, 'context must be provided for exiting');
    const top = this.#frames.getStore();
    assert.ok(isEntered(top, context), "context not currently entered; can't exit.");
    this.#frames.enterWith(without(top, context));
  }

  fromException(exception: object): ClsContext | undefined {
    return Reflect.get(exception, ERROR_SYMBOL);
  }

  /** A listener that was added outside of any context gets the one in which it is called, or a new one. */
  #bindLate(listener: Callback): Callback {
    const namespace = this;
    return carrying(function (...args) {
      return namespace.bind(listener).apply(this, args);
    });
  }

  #within<T>(context: ClsContext, work: () => T): T {
    try {
      return this.#frames.run({ context, below: undefined }, work);
    } catch (failure) {
      note(failure, context);
      throw failure;
    }
  }
}

function isEntered(frame: Frame | undefined, context: ClsContext): boolean {
  return frame !== undefined && (frame.context === context || isEntered(frame.below, context));
}

function without(frame: Frame | undefined, context: ClsContext): Frame | undefined {
  if (frame === undefined || frame.context === context) return frame?.below;
  return { context: frame.context, below: without(frame.below, context) };
}

/** Not enumerable: a context that holds a user or a transaction has no place in the log line of an error. */
function note(failure: unknown, context: ClsContext): void {
  if (typeof failure !== 'object' || failure === null) return;
  Reflect.defineProperty(failure, ERROR_SYMBOL, { value: context, writable: true, configurable: true });
}

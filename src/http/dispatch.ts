import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Context, store } from '../context/store.js';
import { diagnostics } from '../core/diagnostics.js';

type Dispatch = (this: unknown, options: unknown, handler: unknown) => unknown;
type Dispatcher = object & { dispatch?: Dispatch; [FOLLOWED]?: true };

const FOLLOWED = Symbol.for('fourlights.dispatch');
/** Where every copy of undici, Node's own included, keeps its dispatcher by default, by the version of its interface. */
const GLOBAL_DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];
const CONNECTED = 'undici:client:connected';

/** Who made each call, by the handler that goes with it from queue to queue. */
const callers = new WeakMap<object, { readonly context: Context | undefined }>();

let depth = 0;
let seeking = false;

/** True inside of a call whose context is known to be that of its caller. */
export function isFollowed(): boolean {
  return depth > 0;
}

/**
 * undici makes a request when a connection is free for it: in a pool with a limit, or when it retries or follows a
 * redirect, that is in the context of whatever used the connection before. So `dispatch`, which every call passes
 * when it is made, remembers its context, and every later `dispatch` of that call runs in it. The class is reached
 * through the dispatchers that are in use: undici is never imported, and any number of copies of it is served.
 */
export function followDispatchers(): void {
  const found = GLOBAL_DISPATCHERS.map((key) => follow(Reflect.get(globalThis, key)));
  if (found.includes(true) || seeking) return;
  seeking = true;
  subscribe(CONNECTED, onConnected);
}

/** For a copy whose dispatchers are not the default ones: a connection knows its client. Heard only while one is sought. */
function onConnected(message: unknown): void {
  try {
    unsubscribe(CONNECTED, onConnected);
    seeking = false;
    const { socket } = message as { socket: object };
    const key = Object.getOwnPropertySymbols(socket).find((symbol) => symbol.description === 'client');
    if (key !== undefined) follow(Reflect.get(socket, key));
  } catch (cause) {
    diagnostics.report('outgoing fetch', cause);
  }
}

/** Wraps `dispatch` in each class of the dispatcher; true if one was not yet. */
function follow(dispatcher: unknown): boolean {
  let isNew = false;
  if (typeof dispatcher !== 'object' || dispatcher === null) return isNew;
  for (let each: Dispatcher = Object.getPrototypeOf(dispatcher); each !== null; each = Object.getPrototypeOf(each)) {
    if (!Object.hasOwn(each, 'dispatch') || Object.hasOwn(each, FOLLOWED) || each.dispatch === undefined) continue;
    each[FOLLOWED] = true;
    each.dispatch = following(each.dispatch);
    isNew = true;
  }
  return isNew;
}

function following(dispatch: Dispatch): Dispatch {
  return function (this: unknown, options, handler) {
    if (typeof handler !== 'object' || handler === null) return Reflect.apply(dispatch, this, [options, handler]);
    const context = callerOf(handler);
    depth++;
    try {
      if (context === store.getStore()) return Reflect.apply(dispatch, this, [options, handler]);
      return context === undefined
        ? store.exit(Reflect.apply, dispatch, this, [options, handler])
        : store.run(context, Reflect.apply, dispatch, this, [options, handler]);
    } finally {
      depth--;
    }
  };
}

/** The handlers of undici's own API carry the context they were made in, however late they are seen here first. */
function callerOf(handler: object & { runInAsyncScope?: unknown }): Context | undefined {
  const known = callers.get(handler);
  if (known !== undefined) return known.context;
  const { runInAsyncScope } = handler;
  const context: Context | undefined =
    typeof runInAsyncScope === 'function'
      ? Reflect.apply(runInAsyncScope, handler, [() => store.getStore()])
      : store.getStore();
  callers.set(handler, { context });
  return context;
}

import { store } from '../context/store.js';
import { slot } from '../core/slot.js';

/**
 * Notes on its exchange what a handler rejected or threw with when nobody answered for it. Such a request otherwise
 * looks like a client that lost patience. `process.emit` is watched because a listener would change what Node does:
 * one for `unhandledRejection` keeps the process from ending. Node emits both events in the context of the failed
 * work (test/http/escapes.test.ts holds this for every supported version).
 */
export function watchEscapes(): void {
  slot('http.escapes', () => {
    const emit = process.emit as (...args: unknown[]) => boolean;
    process.emit = function (this: NodeJS.Process, ...args: unknown[]): boolean {
      if (args[0] === 'unhandledRejection' || args[0] === 'uncaughtException') noteEscape(args[1]);
      return Reflect.apply(emit, this, args);
    } as typeof process.emit;
    return true;
  });
}

function noteEscape(cause: unknown): void {
  const exchange = store.getStore()?.exchange;
  if (exchange === undefined || exchange.ended) return;
  exchange.failure = cause;
  exchange.escaped = true;
}

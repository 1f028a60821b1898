const OWN = Symbol.for('fourlights.listener');

/**
 * Marks a listener on the process's signals as one of the library's, whichever copy of the package made it: where the
 * application's own listeners decide how the process ends, ours must not be taken for one of them.
 */
export function ownListener<T extends object>(listener: T): T {
  return Object.assign(listener, { [OWN]: true });
}

export function isOwnListener(listener: unknown): boolean {
  return typeof listener === 'function' && Object.hasOwn(listener, OWN);
}

/**
 * Puts `value` in the place of `target[name]`. The undo gives back what was there, an inherited property included, and
 * leaves alone what somebody else has put on top since.
 */
export function override<T extends object, K extends keyof T>(target: T, name: K, value: T[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    if (target[name] !== value) return;
    if (before === undefined) delete target[name];
    else Object.defineProperty(target, name, before);
  };
}

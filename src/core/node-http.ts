/**
 * Node's http and https without what an `import` of them costs. An ES module's import reads every export of a built-in
 * module, and on Node 22 and later http's `WebSocket` then loads undici and TLS: 28 ms of CPU. TLS alone is 12 ms, so https
 * is loaded by whoever needs it.
 */
export const http: typeof import('node:http') = process.getBuiltinModule('node:http');

export function https(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}

/** Whether anybody has loaded https, by Node's list of what it has loaded. True where that list is not as we know it. */
export function isHttpsLoaded(): boolean {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList');
  if (!Array.isArray(loaded) || !loaded.includes('NativeModule http')) return true;
  return loaded.includes('NativeModule https');
}

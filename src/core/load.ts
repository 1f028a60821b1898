import nodeModule from 'node:module'; // a named import would collide with the banner that ESM bundles commonly get
import { join } from 'node:path';

/**
 * Loads a package when it is needed, and at once: what costs much to load, or may not be installed, is not imported.
 * `beside`: looked for where that package would find it, as it is one of its own dependencies. Throws as `require` does.
 */
export function load(name: string, beside?: string): unknown {
  const ours = nodeModule.createRequire(origin());
  return (beside === undefined ? ours : nodeModule.createRequire(ours.resolve(beside)))(name);
}

/** `__filename`: in CommonJS. A bundle of the one within the other has neither; there a package is looked for from the working folder. */
function origin(): string {
  if (typeof __filename === 'string') return __filename;
  const url: string | undefined = import.meta.url;
  return url ?? join(process.cwd(), 'bundle.js');
}

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

/** A bundle has lost where it came from; there a package is looked for from the working folder. */
function origin(): string {
  const url: string | undefined = import.meta.url;
  return url ?? join(process.cwd(), 'bundle.js');
}

import type { AnyResponse } from '../core/exchange.js';

/**
 * The arguments of `writeHead`, fit for a response that has our header already. Node writes an array of headers as it
 * is only as long as no header was set before; afterwards it refuses pairs and, up to Node 20, keeps the last of equal
 * names alone. Headers of the application's own that were set before leave it to Node.
 */
export function besideOurs(response: AnyResponse, args: unknown[]): unknown[] {
  const headers = args.at(-1);
  if (!Array.isArray(headers) || 'stream' in response || response.getHeaderNames().length > 1) return args;
  return [...args.slice(0, -1), grouped(headers)];
}

function grouped(headers: readonly unknown[]): readonly unknown[] {
  const flat = Array.isArray(headers[0]) ? headers.flat() : headers;
  if (flat.length % 2 !== 0) return headers; // Node's own error says so
  const byName = new Map<string, { readonly name: unknown; readonly values: unknown[] }>();
  for (let i = 0; i < flat.length; i += 2) {
    const key = String(flat[i]).toLowerCase();
    const known = byName.get(key);
    if (known === undefined) byName.set(key, { name: flat[i], values: [flat[i + 1]] });
    else known.values.push(flat[i + 1]);
  }
  return [...byName.values()].flatMap(({ name, values }) => [name, values.length === 1 ? values[0] : values.flat()]);
}

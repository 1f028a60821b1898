import type { ClientRequest } from 'node:http';

/** Name in lower case, value. */
export type Header = readonly [name: string, value: string];

/** What undici's channel hands over: `headers` is a flat list of names and values. */
export interface UndiciRequest {
  readonly origin: unknown;
  readonly method: string;
  readonly path: string;
  readonly headers: unknown;
  addHeader(name: string, value: string): unknown;
}

/** A header that the caller set itself is never overwritten. */
export function injectIntoUndici(request: UndiciRequest, [name, value]: Header): void {
  const { headers } = request;
  const present = Array.isArray(headers) ? flatHas(headers, name) : textHas(headers, name);
  if (!present) request.addHeader(name, value);
}

/**
 * Adds the header to a head that is about to be written, in whichever of the forms Node was given: a flat array, an
 * array of pairs, or the message's own header map. Returns what is to be written.
 */
export function injectIntoRequest(request: ClientRequest, headers: unknown, [name, value]: Header): unknown {
  if (Array.isArray(headers)) {
    if (headerOf(request, headers, name) !== undefined) return headers;
    return Array.isArray(headers[0]) ? [...headers, [name, value]] : [...headers, name, value];
  }
  if (request.hasHeader(name)) return headers;
  request.setHeader(name, value);
  return ownHeaderMap(request) ?? headers;
}

/** The value of a header in a head that is about to be written, in any of those forms; `undefined` when it is not there. */
export function headerOf(request: ClientRequest, headers: unknown, name: string): unknown {
  if (!Array.isArray(headers)) return request.getHeader(name);
  if (Array.isArray(headers[0])) return headers.find((pair) => same(pair[0], name))?.[1];
  const at = headers.findIndex((text, i) => i % 2 === 0 && same(text, name));
  return at === -1 ? undefined : headers[at + 1];
}

/** Where OutgoingMessage keeps its headers. Without any header yet, Node passed `null` on and the map is new. */
function ownHeaderMap(request: ClientRequest): unknown {
  const symbol = Object.getOwnPropertySymbols(request).find((key) => key.description === 'kOutHeaders');
  return symbol === undefined ? undefined : Reflect.get(request, symbol);
}

function flatHas(headers: readonly unknown[], name: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (same(headers[i], name)) return true;
  }
  return false;
}

/** undici before 6 kept the head as text. */
function textHas(headers: unknown, name: string): boolean {
  return typeof headers === 'string' && `\r\n${headers.toLowerCase()}`.includes(`\r\n${name}:`);
}

function same(given: unknown, name: string): boolean {
  return String(given).toLowerCase() === name;
}

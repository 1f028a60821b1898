import type { HeaderBag } from '../../context/correlation.js';
import { owned } from '../../context/traceparent.js';

/**
 * A header's text. Values that came apart are joined in their order (RFC 9110, 5.3). What is no text, as in carriers
 * of messages, is absent.
 */
export function textOf(headers: HeaderBag, name: string): string | undefined {
  const value: unknown = headers[name];
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(',') : undefined;
}

/** The first of several values of a header, for formats whose headers hold no commas; an empty one is absent. */
export function firstOf(headers: HeaderBag, name: string): string | undefined {
  const text = textOf(headers, name);
  if (text === undefined) return undefined;
  const comma = text.indexOf(',');
  const first = comma === -1 ? text : owned(text.slice(0, comma), text);
  return first === '' ? undefined : first;
}

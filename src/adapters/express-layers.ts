import { pathOf } from '../http/route.js';
import { alternativesOf, type Key } from './express-4-pattern.js';
import { type Matcher, matchedBy, probedTemplate } from './router-2-pattern.js';

/** The parts of a routing layer that tell its pattern, over the generations of Express's router. */
export interface Layer {
  readonly route?: { readonly path?: unknown } | undefined;
  /** Express 4: the compiled pattern and the names of its groups. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly Key[];
  /** router 2: one per pattern of the layer, and true for a layer mounted at `/`. */
  readonly matchers?: readonly Matcher[];
  readonly slash?: boolean;
  /** router 2.3: the pattern as the application wrote it. */
  readonly rawPath?: unknown;
}

/** What is read of Express's request. */
export interface LayeredRequest {
  readonly url?: string | undefined;
  readonly baseUrl?: string;
}

/** What router 2.3 notes on the request: which of several patterns matched. */
const MATCHED = 'router.tracing.matchedRoute';

/**
 * The pattern of a layer that takes `path` off the URL, as a template; `''` where it takes nothing: a mount at the
 * root, and the handlers inside of a route.
 */
export function mountTemplate(layer: Layer, path: string, request: LayeredRequest): string {
  if (path === '' || layer.slash === true || layer.regexp?.fast_slash === true) return '';
  if (layer.rawPath !== undefined) return prefixText(matchedPattern(layer.rawPath, request));
  if (layer.regexp !== undefined) return compiledTemplate(layer, layer.regexp, path);
  return layer.matchers === undefined ? '' : probedTemplate(layer, layer.matchers, path);
}

/** The pattern of a route, as the application wrote it. */
export function routeTemplate(layer: Layer, request: LayeredRequest): string {
  const pattern = layer.route?.path;
  if (!Array.isArray(pattern)) return String(pattern);
  if (layer.rawPath !== undefined) return String(matchedPattern(pattern, request));
  const patterns: unknown[] = pattern.flat(Infinity);
  return String(patterns[matchedAlternative(layer, pathOf(request.url), patterns.length)] ?? patterns.join('|'));
}

function matchedPattern(pattern: unknown, request: LayeredRequest): unknown {
  if (!Array.isArray(pattern)) return pattern;
  const symbol = Object.getOwnPropertySymbols(request).find((key) => key.description === MATCHED);
  return symbol === undefined ? pattern.join('|') : Reflect.get(request, symbol);
}

/** A mount ends before the slash that the path goes on with. */
function prefixText(pattern: unknown): string {
  if (typeof pattern !== 'string') return String(pattern);
  return pattern.endsWith('/') ? pattern.replace(/\/+$/, '') : pattern;
}

function compiledTemplate(layer: Layer, regexp: RegExp, path: string): string {
  const alternatives = alternativesOf(layer, regexp, layer.keys ?? []);
  const matched = alternatives.length === 1 ? alternatives[0] : alternatives.find(({ pattern }) => pattern.test(path));
  return matched?.template ?? String(regexp);
}

function matchedAlternative(layer: Layer, path: string, count: number): number {
  if (layer.matchers !== undefined) return layer.matchers.findIndex((matcher) => matchedBy(matcher, path) !== false);
  if (layer.regexp === undefined) return -1;
  const alternatives = alternativesOf(layer, layer.regexp, layer.keys ?? []);
  return alternatives.length === count ? alternatives.findIndex(({ pattern }) => pattern.test(path)) : -1;
}

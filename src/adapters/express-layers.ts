/** The parts of a routing layer that tell its pattern, over the generations of Express's router. */
export interface Layer {
  readonly route?: { readonly path?: unknown } | undefined;
  /** Express 4: the compiled pattern and the names of its groups. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly { readonly name: string | number; readonly optional?: boolean }[];
  /** router 2: true for a layer mounted at `/`. */
  readonly slash?: boolean;
  /** router 2.3: the pattern as the application wrote it. */
  readonly rawPath?: unknown;
  /** Express 4 and router 2.0 to 2.2: what the last match saw. `undefined` on the handlers inside of a route. */
  readonly path?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  [TEMPLATE]?: string;
}

/** The pattern of a mount, once it is known for good. */
const TEMPLATE = Symbol('fourlights.template');

/** What router 2.3 notes on the request: which of several patterns matched. */
const MATCHED = 'router.tracing.matchedRoute';

/**
 * The pattern of the layer that `request` has just entered by prefix, as a template; `''` for a mount at the root and
 * for the handlers inside of a route.
 */
export function mountTemplate(layer: Layer, request: object): string {
  if (layer.slash === true || layer.regexp?.fast_slash === true) return '';
  const known = layer[TEMPLATE];
  if (known !== undefined) return known;
  if (layer.rawPath !== undefined) return rooted(patternText(layer.rawPath, request));
  if (layer.path === undefined) return '';
  return layer.regexp === undefined ? bySubstitution(layer, layer.path) : byGroups(layer, layer.regexp, layer.path);
}

/** The pattern of a route, as the application wrote it. */
export function routeTemplate(layer: Layer, request: object): string {
  return patternText(layer.route?.path ?? layer.rawPath, request);
}

function patternText(pattern: unknown, request: object): string {
  if (typeof pattern === 'string') return pattern;
  if (!Array.isArray(pattern)) return String(pattern);
  const matched = matchedOf(request);
  return matched === undefined ? pattern.flat(Infinity).map(String).join('|') : String(matched);
}

function matchedOf(request: object): unknown {
  const symbol = Object.getOwnPropertySymbols(request).find((key) => key.description === MATCHED);
  return symbol === undefined ? undefined : Reflect.get(request, symbol);
}

function rooted(template: string): string {
  return template === '/' ? '' : template;
}

/** Patterns that Express 4 compiled itself end in one of these; a regular expression of the application's is its own template. */
const COMPILED = /(\\\/\?)?(\(\?=\\\/\|\$\)|\$)\)?$/;

/** Express 4: the very groups of the pattern are put back to their names, wherever their values stand. */
function byGroups(layer: Layer, regexp: RegExp, path: string): string {
  if (!COMPILED.test(regexp.source)) return remember(layer, String(regexp));
  const match = new RegExp(regexp.source, `${regexp.flags.replace('d', '')}d`).exec(path);
  const keys = layer.keys ?? [];
  if (match?.indices === undefined) return '';
  let template = '';
  let from = 0;
  for (const [group, span] of match.indices.slice(1).entries()) {
    if (span === undefined) continue;
    template += path.slice(from, span[0]) + nameOf(keys[group]?.name);
    from = span[1];
  }
  template += path.slice(from);
  return keys.some((key) => key.optional) ? template : remember(layer, template);
}

function nameOf(key: string | number | undefined): string {
  return typeof key === 'string' ? `:${key}` : '*';
}

/**
 * router 2.0 to 2.2 keep no pattern: the segments that equal a parameter's value are put back to its name. While a
 * value also equals another segment, the last such segment is taken and the answer is not kept.
 */
function bySubstitution(layer: Layer, path: string): string {
  const segments = path.split('/');
  let certain = true;
  for (const [name, value] of Object.entries(layer.params ?? {})) {
    const places = segments.flatMap((segment, index) => (sameText(segment, value) ? [index] : []));
    if (places.length !== 1) certain = false;
    const last = places.at(-1);
    if (last !== undefined) segments[last] = `:${name}`;
  }
  const template = segments.join('/');
  return certain ? remember(layer, template) : template;
}

function sameText(segment: string, value: unknown): boolean {
  if (segment === value) return true;
  try {
    return decodeURIComponent(segment) === value;
  } catch {
    return false;
  }
}

function remember(layer: Layer, template: string): string {
  layer[TEMPLATE] = template;
  return template;
}

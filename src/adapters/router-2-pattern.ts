/** How router 2 matches one pattern: a closure over it that shows nothing else. */
export type Matcher = (path: string) => false | { readonly path: string; readonly params: Readonly<Record<string, unknown>> };

/** What stands for a pattern of which nothing can be learnt. */
const OPAQUE = '/(regexp)';

/** A pattern is not learnt from a path longer than this: each of its characters costs a match. */
const LONGEST = 256;

/** By the pattern's place in its layer and the parameters that matched: optional parts make several templates of one. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * The template of the pattern that matches `path`. router 2.0 to 2.2 keep no pattern, only closures over it, so
 * these are asked: a character that can be replaced without a change in any parameter is not in one. Once per pattern,
 * since the answer does not depend on the path that was asked for.
 */
export function probedTemplate(layer: object, matchers: readonly Matcher[], path: string): string {
  for (const [index, matcher] of matchers.entries()) {
    const match = matchedBy(matcher, path);
    if (match === false || match.path !== path) continue;
    if (isOpaque(matcher)) return OPAQUE;
    return remembered(layer, `${index} ${Object.keys(match.params)}`, path, () => probed(matcher, path, match.params));
  }
  return matchers.some(isOpaque) ? OPAQUE : ''; // one that looks ahead does not match its own part of the path
}

function remembered(layer: object, key: string, path: string, learn: () => string): string {
  let templates = known.get(layer);
  if (templates === undefined) known.set(layer, (templates = new Map()));
  const template = templates.get(key);
  if (template !== undefined) return template;
  if (path.length > LONGEST) return OPAQUE;
  const learnt = learn();
  templates.set(key, learnt);
  return learnt;
}

function isOpaque(matcher: Matcher): boolean {
  return matcher.name === 'regexpMatcher';
}

/** Matching decodes parameters, which malformed ones do not survive. */
export function matchedBy(matcher: Matcher, path: string): ReturnType<Matcher> {
  try {
    return matcher(path);
  } catch {
    return false;
  }
}

function probed(matcher: Matcher, path: string, params: Readonly<Record<string, unknown>>): string {
  let template = '';
  let last: string | undefined;
  for (let at = 0; at < path.length; at++) {
    const name = parameterAt(matcher, path, params, at, last);
    if (name === undefined) template += staticCharacter(matcher, path, at);
    else if (name !== last) template += Array.isArray(params[name]) ? `*${name}` : `:${name}`;
    last = name;
  }
  return template;
}

/** The one parameter that a change of the character at `at` changes. */
function parameterAt(
  matcher: Matcher,
  path: string,
  params: Readonly<Record<string, unknown>>,
  at: number,
  last: string | undefined,
): string | undefined {
  const other = path[at] === 'x' || path[at] === 'X' ? 'y' : 'x';
  let changed: ReturnType<Matcher>;
  try {
    changed = matcher(replaced(path, at, other));
  } catch {
    return last; // inside of an encoded character, which does not decode any more
  }
  if (changed === false) return undefined;
  const names = Object.keys(params);
  if (names.length !== Object.keys(changed.params).length) return undefined;
  const { params: now } = changed;
  const differing = names.filter((name) => String(now[name]) !== String(params[name]));
  return differing.length === 1 ? differing[0] : undefined;
}

/** In lower case where case does not matter, or the template would be as the first client wrote the path. */
function staticCharacter(matcher: Matcher, path: string, at: number): string {
  const character = path[at] ?? '';
  const lower = character.toLowerCase();
  return lower !== character && matchedBy(matcher, replaced(path, at, lower)) !== false ? lower : character;
}

function replaced(path: string, at: number, character: string): string {
  return path.slice(0, at) + character + path.slice(at + 1);
}

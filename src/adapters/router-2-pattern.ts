type Params = Readonly<Record<string, unknown>>;

/** How router 2 matches one pattern: a closure over it that shows nothing else. */
export type Matcher = (path: string) => false | { readonly path: string; readonly params: Params };

/** What stands for a pattern of which nothing can be learnt. */
const OPAQUE = '/(regexp)';

/** A pattern is not learnt from a path longer than this: each of its characters costs a match. */
const LONGEST = 256;

/** By the pattern's place in its layer and the parameters that matched: optional parts make several templates of one. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * The template of the pattern that matches `path`. router 2.0 to 2.2 keep no pattern, only closures over it, so
 * these are asked: a character whose replacement changes a parameter is in that parameter. Once per pattern, since the
 * answer does not depend on the path that was asked for. What is in no parameter is told in lower case where case does
 * not matter, or the template would be as the first client wrote the path.
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
  const templates = known.get(layer) ?? new Map<string, string>();
  known.set(layer, templates);
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

/** What is replaced at a time: a character, or a run of encoded bytes, which may decode only as a whole. */
const UNIT = /(?:%[0-9a-f]{2})+|[\s\S]/gi;

function probed(matcher: Matcher, path: string, params: Params): string {
  let template = '';
  let last: string | undefined;
  for (const { 0: unit, index } of path.matchAll(UNIT)) {
    const retried = (text: string): ReturnType<Matcher> =>
      matchedBy(matcher, path.slice(0, index) + text + path.slice(index + unit.length));
    const name = changedBy(retried(/^x/i.test(unit) ? 'y' : 'x'), params);
    if (name === undefined) template += retried(unit.toLowerCase()) === false ? unit : unit.toLowerCase();
    else if (name !== last) template += Array.isArray(params[name]) ? `*${name}` : `:${name}`;
    last = name;
  }
  return template;
}

/** The one parameter that is another one now; none where the pattern matches no more, or by other parts of it. */
function changedBy(match: ReturnType<Matcher>, params: Params): string | undefined {
  const names = Object.keys(params);
  if (match === false || names.length !== Object.keys(match.params).length) return undefined;
  const changed = names.filter((name) => String(match.params[name]) !== String(params[name]));
  return changed.length === 1 ? changed[0] : undefined;
}

/** Where the page is, as it stands in the address: every view and every choice in it can be linked to. */
export interface Place {
  readonly view: string;
  /** What the view is of: a trace, a flag. */
  readonly of: string;
  readonly query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [view = '', ...rest] = path.split('/');
  return { view, of: decoded(rest.join('/')), query: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function link(view: string, of = '', query: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${view}${of === '' ? '' : `/${encodeURIComponent(of)}`}${search}`;
}

/** Changes a choice within the view, without a step in the browser's history. */
export function choose(place: Place, changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  history.replaceState(null, '', link(place.view, place.of, Object.fromEntries(query)));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

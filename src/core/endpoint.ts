/** Where spans are posted to. */
export interface Endpoint {
  readonly url: URL;
  /** For people to read: a user name, a password or a key in the query is nobody's business. */
  readonly shown: string;
}

/** Throws for what is no http(s) address; `key` names the setting that holds it. */
export function endpoint(text: string, key: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`${key} must be an address that begins with http:// or https://, got ${readable(text)}`);
  }
  return { url, shown: `${url.origin}${url.pathname}` };
}

/** User and password, with or without a scheme before them; `?` may be in the password or begin the query, so both go. */
const USER = /^((?:[a-z][a-z\d+.-]*:)?\/\/)?(?:[^/?]*@|[^/]*\?.*@.*)/is;

function readable(text: string): string {
  return JSON.stringify(text.replace(USER, '$1***@').replace(/\?.*/s, '?***'));
}

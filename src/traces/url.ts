const MAX_LENGTH = 2048;

/** A query with its values replaced, `a=REDACTED&b=REDACTED`: names help, values may be anybody's secret. */
export function redactedQuery(query: string): string {
  return query.slice(0, MAX_LENGTH).replace(/=[^&]*/g, '=REDACTED');
}

/** The part after the `?`; empty without one. */
export function queryOf(url: string | undefined): string {
  const start = url?.indexOf('?') ?? -1;
  return start === -1 || url === undefined ? '' : url.slice(start + 1);
}

import type { FormatName } from './format.js';

/**
 * The format that a scraper asks for (RFC 9110, "Accept"): OpenMetrics when it is named, and wanted at least as much as
 * plain text; everything else gets Prometheus text.
 */
export function formatFor(accept: string | undefined): FormatName {
  const ranges = weights(accept ?? '');
  const open = ranges.get('application/openmetrics-text') ?? 0;
  const plain = ranges.get('text/plain') ?? ranges.get('text/*') ?? ranges.get('*/*') ?? 0;
  return open > 0 && open >= plain ? 'openMetrics' : 'prometheus';
}

export function takesGzip(acceptEncoding: string | undefined): boolean {
  const codings = weights(acceptEncoding ?? '');
  return (codings.get('gzip') ?? codings.get('*') ?? 0) > 0;
}

/** The longest header that is read; no scraper comes near. */
const LONGEST = 2000;

/** Names of a list with weights, the highest weight of each. */
function weights(header: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const member of header.slice(0, LONGEST).split(',')) {
    const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
    if (name === '') continue;
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (q >= 0 && q <= 1) found.set(name, Math.max(found.get(name) ?? 0, q));
  }
  return found;
}

const FIRST_MS = 1000;
/** Low, so that a receiver that has come back is found soon; one request in a quarter of a minute harms nobody. */
const LONGEST_MS = 15_000;
/** What a receiver may ask for at most: a header must not stop the export for a day. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Doubles with each failure in a row; half of it is by chance, so that a fleet does not come back as one. */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return full / 2 + (full / 2) * random();
}

/** RFC 9110, section 10.2.3: seconds or a date. `undefined` when it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return capped(Number(text) * 1000);
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined; // Date.parse takes far more than dates of HTTP
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : capped(at - nowMs);
}

function capped(ms: number): number {
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}

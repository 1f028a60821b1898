/** What a receiver may ask for at most: a header must not stop us for a day. */
const LONGEST_MS = 60_000;

/** RFC 9110, section 10.2.3: seconds or a date, as milliseconds from `nowMs`. `undefined` when it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return capped(Number(text) * 1000);
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined; // Date.parse takes far more than dates of HTTP
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : capped(at - nowMs);
}

function capped(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, ms));
}

import { type Reply, reasonOf } from '../../core/http-request.js';
import { retryAfterMs } from '../../core/retry-after.js';
import type { SendResult } from './span-sender.js';

/** OTLP specification, "OTLP/HTTP Response": these and no others may be tried again. */
const RETRYABLE: readonly number[] = [429, 502, 503, 504];

/** What an answer without a partial success means. */
export function resultOf(reply: Reply, nowMs: number): SendResult {
  const { status } = reply;
  if (status >= 200 && status < 300) return { status: 'accepted', rejected: 0 };
  if (!RETRYABLE.includes(status)) return { status: 'rejected', reason: refusal(status) };
  const wait = retryAfterMs(reply.headers['retry-after'], nowMs);
  const reason = `HTTP ${status}`;
  return wait === undefined
    ? { status: 'retryable', reason }
    : { status: 'retryable', reason: `${reason}, Retry-After ${Math.round(wait / 1000)} s`, retryAfterMs: wait };
}

/** No answer at all: refused, reset, a name that does not resolve, a certificate that is not trusted, a deadline. */
export function noAnswer(cause: unknown): SendResult {
  return { status: 'retryable', reason: reasonOf(cause) };
}

function refusal(status: number): string {
  if (status >= 300 && status < 400) return `HTTP ${status}: redirects are not followed`;
  if (status === 401 || status === 403) return `HTTP ${status}: check the credentials in the headers`;
  if (status === 404) return 'HTTP 404: check the path of the endpoint';
  return `HTTP ${status}`;
}

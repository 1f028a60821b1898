import type { AnyResponse } from '../core/exchange.js';

/** Why a request is not taken, and when to come again. */
export interface Refusal {
  readonly why: string;
  readonly retryAfterSeconds: number;
}

/** Answers 503 with Retry-After (RFC 9110, sections 15.6.4 and 10.2.3). Nothing where an answer has begun. */
export function refuse(response: AnyResponse, { why, retryAfterSeconds }: Refusal): void {
  if (response.headersSent || response.writableEnded) return;
  response.statusCode = 503;
  response.setHeader('retry-after', String(retryAfterSeconds));
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(`${why}, try again later\n`);
}

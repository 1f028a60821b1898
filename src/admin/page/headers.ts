import type { ServerResponse } from 'node:http';

/** Nothing but what is named, from nowhere but here; `rest` names it. */
const NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** One document under a policy of its own, whatever policy the application has set on its answers. */
export function documentHeaders(response: ServerResponse, rest: string): void {
  response.removeHeader('content-security-policy-report-only');
  response.setHeader('content-security-policy', `${NOTHING}; ${rest}`);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  // Under `no-referrer` a browser sends forms with the origin `null`, which looks like another site's.
  response.setHeader('referrer-policy', 'same-origin');
}

export function answerPage(response: ServerResponse, status: number, rest: string, html: string): void {
  documentHeaders(response, rest);
  response.writeHead(status).end(html);
}

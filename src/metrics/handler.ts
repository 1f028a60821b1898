import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { diagnostics } from '../core/diagnostics.js';
import type { Rendered } from './exposition.js';
import { takesGzip } from './negotiation.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const compress = promisify(gzip);
/** Below this, compressing costs more than it saves. */
const WORTH_BYTES = 1024;
/** Text of numbers: the fastest level is within a few per cent of the others. */
const LEVEL = 1;

/**
 * Answers GET and HEAD with the metrics, for a plain `http` server and whatever takes its handlers. Never rejects: metrics
 * that cannot be had are a 503 with the reason.
 */
export function metricsHandler(
  render: (asked: { readonly accept?: string | undefined }) => Promise<Rendered>,
): Handler {
  return async function metrics(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    try {
      const { contentType, body } = await render({ accept: request.headers.accept });
      const zipped = body.length >= WORTH_BYTES && takesGzip(header(request, 'accept-encoding'));
      const sent = zipped ? await compress(body, { level: LEVEL }) : body;
      response.writeHead(200, {
        'content-type': contentType,
        'content-length': sent.length,
        'cache-control': 'no-store',
        vary: 'accept, accept-encoding',
        ...(zipped && { 'content-encoding': 'gzip' }),
      });
      response.end(request.method === 'HEAD' ? undefined : sent);
    } catch (cause) {
      diagnostics.report('metrics', cause);
      if (!response.headersSent) response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('metrics are not available; the log says why\n');
    }
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

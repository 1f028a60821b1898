import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Handler } from '../routes.js';
import type { Asset } from './assets.js';
import { documentHeaders } from './headers.js';

const CSP = [
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Serves one of the page's files. They are loaded when the page is opened for the first time. */
export function pageFile(name: string): Handler {
  return async function page(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    }
    const { assets } = await import('./assets.js');
    const asset = assets[name];
    if (asset === undefined) return void response.writeHead(503).end('this build has no page\n');
    if (name === 'index.html' && !endsInSlash(request)) {
      return void response.writeHead(302, { location: withSlash(request) }).end();
    }
    send(asset, request, response);
  };
}

function send({ type, etag, gzip }: Asset, request: IncomingMessage, response: ServerResponse): void {
  if (type.startsWith('text/html')) documentHeaders(response, CSP);
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('etag', etag);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  const zipped = Buffer.from(gzip, 'base64');
  const takes = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = takes ? zipped : gunzipSync(zipped);
  if (takes) response.setHeader('content-encoding', 'gzip');
  response.writeHead(200, { 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Mounted under a path by Express, whose `originalUrl` is the whole: the page's own addresses are relative to a folder. */
type Mounted = IncomingMessage & { readonly originalUrl?: string };

function endsInSlash({ originalUrl }: Mounted): boolean {
  return originalUrl === undefined || originalUrl.split('?')[0]?.endsWith('/') === true;
}

function withSlash({ originalUrl = '' }: Mounted): string {
  const [path = ''] = originalUrl.split('?');
  return `./${path.split('/').at(-1)}/`;
}

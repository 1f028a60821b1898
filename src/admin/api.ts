import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Guest } from './access.js';
import { Refusal, type Resource } from './api/resource.js';
import { bodyOf } from './body.js';
import type { GuestHandler } from './routes.js';

const MAX_BODY = 16 * 1024;

/** Serves one resource: reads to every guest, changes to whom `access` has no objection against. */
export function resourceHandler(resource: Resource, access: Access): GuestHandler {
  return async function api(request, response, guest) {
    try {
      if (request.method === 'POST') await change(resource, access, request, response, guest);
      else if (request.method === 'GET' || request.method === 'HEAD') read(resource, request, response);
      else throw new Refusal(405, 'GET or POST');
    } catch (cause) {
      if (!(cause instanceof Refusal) || response.headersSent) throw cause;
      answer(response, cause.status, JSON.stringify({ error: cause.message }));
    }
  };
}

function read({ read: reads, stream }: Resource, request: IncomingMessage, response: ServerResponse): void {
  const query = queryOf(request.url);
  if (stream !== undefined) {
    stream(query, request, response);
    return;
  }
  if (reads === undefined) throw new Refusal(405, 'this can only be changed');
  const asked = query.get('since');
  const since = asked === null ? undefined : Number(asked);
  if (since !== undefined && !Number.isFinite(since))
    throw new Refusal(400, 'since is a number: the `at` of an answer');
  const found = reads(query, since);
  if (found.at === since) return void response.writeHead(204).end();
  answer(response, 200, 'json' in found ? found.json : JSON.stringify(found));
}

async function change(
  { change: changes }: Resource,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
  guest: Guest,
): Promise<void> {
  if (changes === undefined) throw new Refusal(405, 'this can only be read');
  const objection = access.objection(request, guest);
  if (objection !== undefined) throw new Refusal(403, objection);
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'send application/json');
  const body = await bodyOf(request, MAX_BODY);
  if (body === undefined) throw new Refusal(413, `at most ${MAX_BODY} bytes`);
  answer(response, 200, JSON.stringify(changes(wishOf(body), guest)));
}

function wishOf(body: Buffer): Readonly<Record<string, unknown>> {
  let wish: unknown;
  try {
    wish = JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
  if (!isObject(wish)) throw new Refusal(400, 'the body is no JSON object');
  return wish;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function queryOf(url = ''): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
}

function answer(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
}

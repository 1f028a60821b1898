import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.js';
import { type Access, isForeign } from './access.js';
import type { AdminSources } from './api/sources.js';
import { Attempts } from './attempts.js';
import { bodyOf } from './body.js';
import { answerPage } from './page/headers.js';

const MAX_BODY = 4096;

const STYLE = `:root{color-scheme:light dark;--b:#f6f7f9;--c:#fff;--t:#1a1f2b;--l:#c9cfda;--m:#5a6475;--a:#2457d6}
@media(prefers-color-scheme:dark){:root{--b:#0e1116;--c:#171b23;--t:#e7eaf0;--l:#39414f;--m:#9aa5b8;--a:#7da2ff}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--b);color:var(--t);font:16px/1.5 system-ui,sans-serif}
form{background:var(--c);border:1px solid var(--l);border-radius:14px;padding:2rem;width:min(22rem,86vw);box-sizing:border-box}
h1{font-size:1.25rem;margin:0 0 1rem}label{display:block;margin:.8rem 0 .25rem;font-size:.9rem;color:var(--m)}
input{width:100%;box-sizing:border-box;font:inherit;padding:.55rem .7rem;border:1px solid var(--l);border-radius:8px;background:var(--b);color:var(--t)}
button{width:100%;margin-top:1.4rem;font:inherit;font-weight:600;padding:.6rem;border:0;border-radius:8px;background:var(--a);color:var(--b)}
p{margin:0;color:#c5221f}@media(prefers-color-scheme:dark){p{color:#ff8a80}}`;

/** No word of it comes from a request. */
const form = (problem: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><form method="post" action="sign-in"><h1>fourlights</h1>
${problem === '' ? '' : `<p role="alert">${problem}</p>`}
<label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<label for="name">Your name, for the log (may stay empty)</label><input id="name" name="name" autocomplete="username" maxlength="64">
<button>Sign in</button></form></main></body></html>
`;

const CSP = `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; form-action 'self'`;

/** The door for browsers: a form that takes the token and gives a cookie for it. */
export class SignIn {
  readonly #access: Access;
  readonly #attempts: Attempts;
  readonly #tell: AdminSources['tell'];

  constructor(access: Access, clock: Clock, tell: AdminSources['tell']) {
    this.#access = access;
    this.#attempts = new Attempts(clock);
    this.#tell = tell;
  }

  /** Instead of the page, to whom is not known. */
  readonly ask = (_request: IncomingMessage, response: ServerResponse): void => this.#form(response, 401, '');

  readonly take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { sessions } = this.#access;
    const address = request.socket.remoteAddress ?? '';
    if (sessions === undefined) return void response.writeHead(404).end();
    if (request.method !== 'POST') return void response.writeHead(303, { location: './' }).end();
    if (isForeign(request)) return this.#form(response, 403, 'This form was sent from another site.');
    const wait = this.#attempts.waitSeconds(address);
    if (wait > 0) {
      response.setHeader('retry-after', wait);
      return this.#form(response, 429, 'Too many attempts. Wait a minute.');
    }
    const body = await bodyOf(request, MAX_BODY);
    const fields = new URLSearchParams(body?.toString());
    const name = fields.get('name') ?? '';
    if (!this.#access.isToken(fields.get('token') ?? '')) {
      this.#attempts.failed(address);
      this.#tell('admin_sign_in_refused', { client_address: address });
      return this.#form(response, 401, 'That is not the token.');
    }
    this.#tell('admin_signed_in', { client_address: address, admin_name: name.slice(0, 64) });
    response.writeHead(303, { location: './', 'set-cookie': sessions.opened(name, request) }).end();
  };

  readonly leave = (request: IncomingMessage, response: ServerResponse): void => {
    const { sessions } = this.#access;
    if (request.method !== 'POST' || isForeign(request)) return void response.writeHead(405, { allow: 'POST' }).end();
    if (sessions !== undefined) response.setHeader('set-cookie', sessions.closed(request));
    response.writeHead(303, { location: './' }).end();
  };

  #form(response: ServerResponse, status: number, problem: string): void {
    answerPage(response, status, CSP, form(problem));
  }
}

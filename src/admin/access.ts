import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { atOnce } from '../core/at-once.js';
import { type Clock, systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { printable, Sessions } from './session.js';

export interface AccessOptions {
  /** What a caller must bring as `Authorization: Bearer <token>`. Without one, only this machine is let in. */
  readonly token?: string | undefined;
  /** Takes the place of all that: true lets the request in. One that throws lets nobody in. */
  readonly authorize?: ((request: IncomingMessage) => boolean) | undefined;
}

/** Somebody who was let in. `local`: on this machine, where no token is set. */
export interface Guest {
  readonly by: 'token' | 'session' | 'local' | 'authorize';
  /** As they call themselves; anybody who knows the token may say anything. */
  readonly name: string | undefined;
  readonly address: string;
}

/** `401`: a token would help. `404`: nothing to see from there. */
export type Refused = 401 | 404;

/** What a page on another site cannot send without asking first, and is not answered when it asks. */
export const CHANGE_HEADER = 'x-fourlights-change';
const NAME_HEADER = 'x-fourlights-name';

/**
 * Who may see the admin surface, and who may change something through it. The probes of an orchestrator are not asked.
 * Without a token or a function only this machine may do either.
 */
export class Access {
  readonly #digest: Buffer | undefined;
  readonly #authorize: AccessOptions['authorize'];
  /** There where a browser can sign in. */
  readonly sessions: Sessions | undefined;

  constructor({ token, authorize }: AccessOptions, clock: Clock = systemClock) {
    this.#digest = token === undefined ? undefined : digest(token);
    this.#authorize = authorize;
    this.sessions = token === undefined || authorize !== undefined ? undefined : new Sessions(token, clock);
  }

  guest(request: IncomingMessage): Guest | Refused {
    const address = request.socket.remoteAddress ?? '';
    const header = request.headers[NAME_HEADER];
    const name = typeof header === 'string' ? printable(header) || undefined : undefined;
    if (this.#authorize !== undefined) {
      return this.#asked(this.#authorize, request) ? { by: 'authorize', name, address } : 404;
    }
    if (this.#digest === undefined) return isLocal(request) ? { by: 'local', name, address } : 404;
    const [, given] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (given !== undefined) return this.isToken(given) ? { by: 'token', name, address } : 401;
    const known = this.sessions?.nameOf(request);
    return known === undefined ? 401 : { by: 'session', name: known || undefined, address };
  }

  isToken(given: string): boolean {
    return this.#digest !== undefined && timingSafeEqual(digest(given), this.#digest);
  }

  /** Why this guest may not change anything with this request; `undefined`: go on. */
  objection(request: IncomingMessage, { by }: Guest): string | undefined {
    if (request.headers[CHANGE_HEADER] === undefined) return `a change needs the header ${CHANGE_HEADER}: 1`;
    if (isForeign(request)) return 'a change may not come from a page of another origin';
    // What a browser attaches by itself proves nothing without the origin; a token in a header was put there by hand.
    if (by !== 'token' && request.headers.origin === undefined)
      return 'a change without a token needs the Origin header';
    return undefined;
  }

  #asked(authorize: NonNullable<AccessOptions['authorize']>, request: IncomingMessage): boolean {
    try {
      return atOnce('admin.authorize', authorize(request)) === true;
    } catch (cause) {
      diagnostics.report('admin.authorize', cause);
      return false;
    }
  }
}

/** Sent by a page of another origin, as far as a browser says so. Another port is another origin. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return origin.replace(/^https?:\/\//, '').toLowerCase() !== headers.host?.toLowerCase();
}

/** Equal lengths whatever was given, so that the comparison tells nothing. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * From this machine, not through a proxy on it, and for a name of this machine: a page in somebody's browser can make a
 * name of its own resolve to 127.0.0.1, but not change the Host header.
 */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  if (!isLoopback(socket.remoteAddress ?? '')) return false;
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined) return false;
  const host = (headers.host ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return host === 'localhost' || isLoopback(host);
}

export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}

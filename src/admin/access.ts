import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { diagnostics } from '../core/diagnostics.js';

export interface AccessOptions {
  /** What a caller must bring as `Authorization: Bearer <token>`. Without one, only this machine is let in. */
  readonly token?: string | undefined;
  /** Takes the place of all that: true lets the request in. One that throws lets nobody in. */
  readonly authorize?: ((request: IncomingMessage) => boolean) | undefined;
}

/** `200`: come in. `401`: a token would help. `404`: nothing to see from there. */
export type Verdict = 200 | 401 | 404;

/** Who may see the admin surface. The probes of an orchestrator are not asked. */
export class Access {
  readonly #digest: Buffer | undefined;
  readonly #authorize: AccessOptions['authorize'];

  constructor({ token, authorize }: AccessOptions) {
    this.#digest = token === undefined ? undefined : digest(token);
    this.#authorize = authorize;
  }

  verdict(request: IncomingMessage): Verdict {
    if (this.#authorize !== undefined) return this.#asked(this.#authorize, request) ? 200 : 404;
    if (this.#digest === undefined) return isLocal(request) ? 200 : 404;
    const [, given] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    return given !== undefined && timingSafeEqual(digest(given), this.#digest) ? 200 : 401;
  }

  #asked(authorize: NonNullable<AccessOptions['authorize']>, request: IncomingMessage): boolean {
    try {
      return authorize(request) === true;
    } catch (cause) {
      diagnostics.report('admin.authorize', cause);
      return false;
    }
  }
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

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../core/clock.js';

const LASTS_S = 8 * 3600;
const MAX_NAME = 64;

/**
 * Whoever has signed in, in a cookie that says until when and under which name, sealed with the token. Nothing is kept
 * here: a new token ends all sessions. The cookie bears the token's mark, as ports of one host share their cookies.
 */
export class Sessions {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #cookie: string;

  constructor(token: string, clock: Clock) {
    this.#key = createHash('sha256').update(`fourlights session ${token}`).digest();
    this.#clock = clock;
    this.#cookie = `fourlights_${this.#seal('cookie').slice(0, 8)}`;
  }

  /** `Set-Cookie` for a session that begins now. */
  opened(name: string, request: IncomingMessage): string {
    const until = Math.floor(this.#clock.now() / 1000) + LASTS_S;
    const claims = `${until.toString(36)}.${Buffer.from(printable(name)).toString('base64url')}`;
    return this.#header(`${claims}.${this.#seal(claims)}`, LASTS_S, request);
  }

  closed(request: IncomingMessage): string {
    return this.#header('', 0, request);
  }

  /** The name that was given at sign-in, which may be empty; `undefined`: no session, or one that is over. */
  nameOf(request: IncomingMessage): string | undefined {
    const value = cookieOf(request, this.#cookie);
    const [, claims, until, name, seal] = /^(([0-9a-z]{1,10})\.([\w-]{0,400}))\.([\w-]{43})$/.exec(value ?? '') ?? [];
    if (claims === undefined || until === undefined || name === undefined || seal === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(this.#seal(claims)))) return undefined;
    if (Number.parseInt(until, 36) * 1000 <= this.#clock.now()) return undefined;
    return Buffer.from(name, 'base64url').toString();
  }

  #seal(claims: string): string {
    return createHmac('sha256', this.#key).update(claims).digest('base64url');
  }

  #header(value: string, seconds: number, request: IncomingMessage): string {
    const secure = 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
    return `${this.#cookie}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
  }
}

export function printable(name: string): string {
  return name
    .replace(/[^\p{L}\p{N} @._-]/gu, '')
    .slice(0, MAX_NAME)
    .trim();
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  return headers.cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

import { isIP } from 'node:net';
import { guard } from '../core/guard.js';

/** Where our headers may go: exact host names, patterns over the host name, or a function of it. */
export type PropagateTo = readonly (string | RegExp)[] | ((host: string) => boolean);

/** Suffixes that no public name server answers for (RFC 6761, 6762, 8375, ICANN's reserved `internal`; Kubernetes' `svc`). */
const PRIVATE_SUFFIX = /\.(localhost|local|internal|home\.arpa|test|lan|intranet|svc)$/;
const PRIVATE_V4 = /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./;
/** Loopback, unique local (RFC 4193), link local. */
const PRIVATE_V6 = /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;
/** IPv4 within IPv6, as it is written and as `URL` rewrites it. */
const MAPPED_V4 = /^::ffff:(?:([\d.]+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/;
/** Resolvers read a bare number as an IPv4 address. */
const NUMBER = /^(\d+|0x[0-9a-f]+)$/;

/** Loopback, private addresses and names that only a private network resolves; a name without a dot is one. */
export function isPrivateHost(host: string): boolean {
  const version = isIP(host);
  if (version === 4) return PRIVATE_V4.test(host);
  if (version === 6) return PRIVATE_V4.test(mappedV4(host)) || PRIVATE_V6.test(host);
  return host.includes('.') ? PRIVATE_SUFFIX.test(host) : !NUMBER.test(host);
}

function mappedV4(host: string): string {
  const [, dotted, high, low] = MAPPED_V4.exec(host) ?? [];
  if (high === undefined || low === undefined) return dotted ?? '';
  const bytes = [high, low].flatMap((pair) => [Number.parseInt(pair, 16) >> 8, Number.parseInt(pair, 16) & 255]);
  return bytes.join('.');
}

const REMEMBERED = 1000;

/** Decides by host name, in lower case and without port or brackets; each host is decided once and remembered. */
export class AllowedHosts {
  readonly #allows: (host: string) => unknown;
  readonly #decided = new Map<string, boolean>();

  constructor(propagateTo: PropagateTo | undefined) {
    this.#allows = rule(propagateTo);
  }

  /** `origin` is `host`, `host:port` or `[v6]:port`, with or without a scheme before it. */
  allows(origin: string): boolean {
    const known = this.#decided.get(origin);
    if (known !== undefined) return known;
    let allowed = false;
    guard('http.propagateTo', () => {
      const answer = this.#allows(hostOf(origin));
      allowed = answer === true;
      return answer; // what a function promises is no yes, and must not reject unheard
    });
    if (this.#decided.size >= REMEMBERED) this.#decided.clear();
    this.#decided.set(origin, allowed);
    return allowed;
  }
}

function rule(propagateTo: PropagateTo | undefined): (host: string) => unknown {
  if (propagateTo === undefined) return isPrivateHost;
  if (typeof propagateTo === 'function') return propagateTo;
  return (host) =>
    propagateTo.some((entry) => (typeof entry === 'string' ? entry.toLowerCase() === host : host.search(entry) !== -1));
}

function hostOf(origin: string): string {
  const host = origin.toLowerCase().replace(/^[a-z]+:\/\//, '');
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const colon = host.indexOf(':');
  return colon === -1 || colon !== host.lastIndexOf(':') ? host : host.slice(0, colon);
}

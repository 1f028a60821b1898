import type { Clock } from '../core/clock.js';
import type { AnyResponse, ServerRequest } from '../core/exchange.js';
import { guard } from '../core/guard.js';
import { GradientLimit, type GradientOptions } from './gradient-limit.js';
import { type ReadOnlyFlags, readOnly } from './read-only.js';
import { type Refusal, refuse } from './refusal.js';

export interface AdmissionOptions {
  readonly clock: Clock;
  /** Refuses unsafe methods while the flag `read_only` is on or shed. @default off */
  readonly readOnly?: ReadOnlyFlags | undefined;
  /** Refuses what is more than the service does well at a time. @default off */
  readonly limit?: GradientOptions | undefined;
}

const OVERLOADED: Refusal = { why: 'overloaded', retryAfterSeconds: 1 };

/**
 * What a middleware asks before it goes on: `if (admission.refuses(request, response)) return;`. Refused requests have their
 * 503 and Retry-After by then. With neither option nothing is ever refused.
 */
export class Admission {
  readonly #clock: Clock;
  /** Once each: a middleware may be mounted twice. */
  readonly #asked = new WeakSet<AnyResponse>();
  readonly #readOnly: ((method: string | undefined) => Refusal | undefined) | undefined;
  readonly limit: GradientLimit | undefined;
  /** Refused so far, by why. */
  readonly refused: Record<string, number> = {};

  constructor({ clock, readOnly: flags, limit }: AdmissionOptions) {
    this.#clock = clock;
    this.#readOnly = flags === undefined ? undefined : readOnly(flags);
    this.limit = limit === undefined ? undefined : new GradientLimit(limit);
  }

  /** Never throws. True: it was answered, and nothing may go on with it. */
  refuses(request: ServerRequest, response: AnyResponse): boolean {
    if (this.#asked.has(response)) return false;
    this.#asked.add(response);
    const refusal = this.#readOnly?.(request.method) ?? this.#enter(response);
    if (refusal === undefined) return false;
    this.refused[refusal.why] = (this.refused[refusal.why] ?? 0) + 1;
    guard('admission', () => refuse(response, refusal));
    return true;
  }

  #enter(response: AnyResponse): Refusal | undefined {
    const { limit } = this;
    if (limit === undefined) return undefined;
    if (!limit.acquire()) return OVERLOADED;
    const beganMs = this.#clock.monotonic();
    response.once('close', () =>
      limit.release(response.writableFinished ? this.#clock.monotonic() - beganMs : undefined),
    );
    return undefined;
  }
}

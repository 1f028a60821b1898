import type { Message } from '../sinks/alert.js';
import type { Pacer, Told } from './pacer.js';

/** An Alertmanager forgets what it is not told again. */
export const RESEND_MS = 60_000;
/** For so long it is told of what has resolved: it may have been away. */
const RESOLVED_MS = 5 * 60_000;

interface Known {
  told: Told;
  resolvedMs: number;
}

/** All that fires, muted or not, and all that has resolved lately: at each change, and every minute. */
export class States implements Pacer {
  readonly #resendMs: number;
  readonly #known = new Map<string, Known>();
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(resendMs: number = RESEND_MS) {
    this.#resendMs = resendMs;
  }

  next(told: readonly Told[], nowMs: number, atMs: number): Message[] {
    let changed = false;
    for (const one of told) {
      if (this.#known.get(one.id)?.told.alert.status !== one.alert.status) changed = true;
      this.#known.set(one.id, { told: one, resolvedMs: one.alert.status === 'resolved' ? nowMs : Number.NaN });
    }
    for (const [id, { resolvedMs }] of this.#known) if (nowMs - resolvedMs > RESOLVED_MS) this.#known.delete(id);
    return changed || nowMs - this.#saidMs >= this.#resendMs ? this.last(nowMs, atMs) : [];
  }

  last(nowMs: number, atMs: number): Message[] {
    this.#saidMs = nowMs;
    if (this.#known.size === 0) return [];
    return [{ groupLabels: {}, alerts: [...this.#known.values()].map(({ told }) => told.alert), atMs }];
  }
}

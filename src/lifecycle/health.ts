import type { Clock } from '../core/clock.js';
import { Check, type CheckOptions, type CheckResult, type CheckWork } from './check.js';

/** `starting` until `ready()`, `draining` from SIGTERM on, `failing` while a critical check says no. */
export type HealthStatus = 'ready' | 'starting' | 'failing' | 'draining';

export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

const MAX_CHECKS = 50;

/** What `/readyz` tells: whether requests should come here. */
export class Health {
  readonly #clock: Clock;
  readonly #checks = new Map<string, Check>();
  phase: 'starting' | 'running' | 'draining' = 'running';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns a function that takes the check away. Throws when the name is taken, or when there are too many. */
  add(name: string, work: CheckWork, options: CheckOptions): () => void {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`lifecycle.check(name, check): expected a name, got ${JSON.stringify(name)}`);
    if (typeof work !== 'function')
      throw new TypeError(`lifecycle.check("${name}"): expected a function as its second argument, got ${typeof work}`);
    const { timeoutMs } = options;
    if (timeoutMs !== undefined && !(timeoutMs > 0))
      throw new RangeError(`lifecycle.check("${name}"): timeoutMs must be above 0, got ${timeoutMs}`);
    if (this.#checks.has(name))
      throw new Error(`lifecycle.check("${name}"): there is one of that name; remove it first, or take another name`);
    if (this.#checks.size >= MAX_CHECKS)
      throw new Error(`lifecycle.check("${name}"): there are ${MAX_CHECKS} checks, which is as many as can be`);
    const check = new Check(work, this.#clock, options);
    this.#checks.set(name, check);
    return () => {
      if (this.#checks.get(name) === check) this.#checks.delete(name);
    };
  }

  /** Never rejects. Takes as long as the slowest check, at most its timeout. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await check.result()] as const),
    );
    const failing = results.some(([, { ok, critical }]) => critical && !ok);
    const status = this.phase === 'running' ? (failing ? 'failing' : 'ready') : this.phase;
    return { status, checks: Object.fromEntries(results) };
  }
}

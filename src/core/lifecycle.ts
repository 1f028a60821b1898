import { systemClock } from './clock.js';
import { messageOf } from './diagnostics.js';

/** `leftMs`: how long it may take. */
type Stop = (leftMs: number) => void | Promise<void>;

export interface StopReport {
  readonly durationMs: number;
  /** `name: reason` of each part that failed or did not stop in time. */
  readonly failures: string[];
}

/** What was started, stopped in reverse order, once, in bounded time. A part that fails does not keep the next from stopping. */
export class Lifecycle {
  readonly #parts: { name: string; stop: Stop }[] = [];
  #stopping: Promise<StopReport> | undefined;

  started(name: string, stop: Stop): void {
    this.#parts.push({ name, stop });
  }

  /** Never rejects. A second call gets the first one's report. */
  stop(timeoutMs: number): Promise<StopReport> {
    this.#stopping ??= this.#stopAll(timeoutMs);
    return this.#stopping;
  }

  async #stopAll(timeoutMs: number): Promise<StopReport> {
    const began = systemClock.monotonic();
    const failures: string[] = [];
    for (const { name, stop } of this.#parts.reverse()) {
      const leftMs = Math.max(0, timeoutMs - (systemClock.monotonic() - began));
      try {
        await within(leftMs, stop(leftMs));
      } catch (cause) {
        failures.push(`${name}: ${messageOf(cause)}`);
      }
    }
    return { durationMs: systemClock.monotonic() - began, failures };
  }
}

async function within(ms: number, work: void | Promise<void>): Promise<void> {
  if (!(work instanceof Promise)) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not stopped within ${Math.round(ms)} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

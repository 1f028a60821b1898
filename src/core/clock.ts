/** The only source of time. Tests pass `manualClock()` from `fourlights/testing` and move it instead of sleeping. */
export interface Clock {
  /** Wall time, epoch milliseconds. For timestamps, never for durations. */
  now(): number;
  /** Monotonic milliseconds with a sub-millisecond fraction. For durations, never for timestamps. */
  monotonic(): number;
  /** Calls `work` every `intervalMs` until the returned function is called. Never keeps the process alive. */
  every(intervalMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  every: (intervalMs, work) => {
    const timer = setInterval(work, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

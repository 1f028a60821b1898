import type { Clock } from '../core/clock.js';
import type { Ready, Stamped } from './api/resource.js';

const AGE_MS = 1000;

/** What is made anew at most once a second, however many ask: fifty open pages cost what one does. */
export function moment<T>(clock: Clock, make: (atMs: number) => T): () => T {
  let made: { readonly value: T; readonly atMs: number } | undefined;
  return () => {
    const nowMs = clock.monotonic();
    if (made === undefined || nowMs - made.atMs >= AGE_MS) made = { value: make(Math.round(clock.now())), atMs: nowMs };
    return made.value;
  };
}

/** The same, as JSON. */
export function readyMoment<T extends Stamped>(clock: Clock, make: (atMs: number) => T): () => Ready {
  return moment(clock, (atMs) => {
    const value = make(atMs);
    return { at: value.at, json: JSON.stringify(value) };
  });
}

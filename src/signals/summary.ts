import type { ExchangeSlot } from './exchange-slot.js';
import type { Errors, Latency } from './golden-signals.js';
import { LatencyHistogram } from './latency.js';
import type { TimedSlot } from './timed-slot.js';

/** Fewer say nothing about a percentile. */
export const MIN_SAMPLES = 20;

/** Used again for every summary: nothing here waits between the first and the last line. */
const latencyScratch = new LatencyHistogram();
const firstByteScratch = new LatencyHistogram();

export interface Summary {
  readonly ended: number;
  readonly latency: Latency;
  readonly firstByte: Latency;
  readonly errors: Errors;
}

/** Adds window slots, of one route or of all, up to one set of figures. Percentiles are merged, never averaged. */
export function summarize(slots: readonly ExchangeSlot[]): Summary {
  const { latency, errors } = summarizeTimes(slots);
  firstByteScratch.reset();
  const firstByte = { sumMs: 0, maxMs: 0 };
  const aborted = { beforeHeaders: 0, midResponse: 0 };
  let ended = 0;
  for (const slot of slots) {
    ended += slot.ended;
    firstByte.sumMs += slot.firstByteSumMs;
    firstByte.maxMs = Math.max(firstByte.maxMs, slot.firstByteMaxMs);
    if (slot.firstByte !== undefined) firstByteScratch.add(slot.firstByte);
    aborted.beforeHeaders += slot.abortedBeforeHeaders;
    aborted.midResponse += slot.abortedMidResponse;
  }
  return { ended, latency, firstByte: figures(firstByteScratch, firstByte), errors: { ...errors, aborted } };
}

export interface TimesSummary {
  readonly latency: Latency;
  readonly errors: Omit<Errors, 'aborted'>;
}

/** What any timed work has in common: how long it took and how it failed. */
export function summarizeTimes(slots: readonly TimedSlot[]): TimesSummary {
  latencyScratch.reset();
  const total = { sumMs: 0, maxMs: 0 };
  let count = 0;
  const byType: Record<string, number> = Object.create(null);
  for (const slot of slots) {
    total.sumMs += slot.sumMs;
    total.maxMs = Math.max(total.maxMs, slot.maxMs);
    if (slot.latency !== undefined) latencyScratch.add(slot.latency);
    count += slot.errors;
    for (const [type, errors] of slot.byType ?? []) byType[type] = (byType[type] ?? 0) + errors;
  }
  const completed = latencyScratch.count;
  const errors = { ratio: completed === 0 ? null : count / completed, count, byType: { ...byType } };
  return { latency: figures(latencyScratch, total), errors };
}

/** One percentile of window slots alone, in seconds: asked for at the end of requests. `null` where there is too little to say. */
export function quantileOf(slots: readonly TimedSlot[], share: number): number | null {
  latencyScratch.reset();
  let maxMs = 0;
  for (const { latency, maxMs: highest } of slots) {
    if (latency === undefined || latency.count === 0) continue;
    latencyScratch.add(latency);
    if (highest > maxMs) maxMs = highest;
  }
  return latencyScratch.count < MIN_SAMPLES ? null : Math.min(latencyScratch.quantile(share), maxMs / 1000);
}

export function rate(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

function figures(histogram: LatencyHistogram, { sumMs, maxMs }: { sumMs: number; maxMs: number }): Latency {
  const { count } = histogram;
  const max = maxMs / 1000;
  // The middle of the highest bucket may lie above the highest value itself, which is known exactly.
  const quantile = (share: number): number | null =>
    count < MIN_SAMPLES ? null : Math.min(histogram.quantile(share), max);
  return {
    count,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: count === 0 ? null : max,
    mean: count === 0 ? null : sumMs / count / 1000,
  };
}

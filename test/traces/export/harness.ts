import { expect } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import type { ExportLedger } from '../../../src/traces/export/ledger.js';
import type { Teller } from '../../../src/traces/export/loss-voice.js';
import { ExportQueue, type QueueOptions } from '../../../src/traces/export/queue.js';
import { OtlpSender } from '../../../src/traces/exporters/otlp.js';
import type { ExporterOptions } from '../../../src/traces/exporters/settings.js';
import { otlpSettings } from '../../../src/traces/exporters/settings.js';

export { hastyClock } from '../../support/hasty-clock.js';

export interface Told extends Teller {
  readonly warnings: { code: string; message: string }[];
  readonly drops: Record<string, number>;
}

export function listener(): Told {
  const told: Told = {
    warnings: [],
    drops: {},
    warn: (code, message) => void told.warnings.push({ code, message }),
    drop: (signal, reason, count = 1) => {
      told.drops[`${signal} ${reason}`] = (told.drops[`${signal} ${reason}`] ?? 0) + count;
    },
  };
  return told;
}

export const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** 0 at every moment. */
export const difference = ({ ended, delivered, dropped, queued }: ExportLedger): number =>
  ended - delivered - sum(dropped) - queued;

export function otlpQueue(
  endpoint: string,
  { clock = systemClock, told = listener(), ...limits }: Omit<Partial<QueueOptions>, 'sender'> & { told?: Told } = {},
  options: ExporterOptions = {},
): { queue: ExportQueue; told: Told; sender: OtlpSender } {
  const sender = new OtlpSender(otlpSettings({ endpoint, ...options }, {}), clock);
  return { queue: new ExportQueue({ sender, clock, diagnostics: told, ...limits }), told, sender };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until it holds, looking at the ledger on the way. */
export async function until(holds: () => boolean, queue: ExportQueue, limitMs = 8000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    expect(difference(queue.ledger)).toBe(0);
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${JSON.stringify(queue.ledger)}`);
    await pause(5);
  }
}

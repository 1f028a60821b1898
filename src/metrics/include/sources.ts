import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics, messageOf } from '../../core/diagnostics.js';
import type { Table } from '../../core/table.js';
import type { Family } from '../family.js';
import type { Included } from './included.js';
import { openTelemetry } from './open-telemetry.js';
import { promClient } from './prom-client.js';
import { sound } from './sound.js';

/** What can be included, known by its shape. A new kind is a file and a line here. */
export const includable = {
  'a prom-client Registry': promClient,
  'an OpenTelemetry MetricReader': openTelemetry,
} as const satisfies Table<(given: unknown) => Included | undefined>;

/** One that does not answer by then is left out of this scrape. */
const DEADLINE_MS = 1000;

/** One of them, or several in an array. Throws a `TypeError` for anything else. */
export function included(given: unknown): Included[] {
  const all = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return all.map((one) => {
    for (const recognise of Object.values(includable)) {
      const found = recognise(one);
      if (found !== undefined) return found;
    }
    throw new TypeError(
      `metrics.include must be ${Object.keys(includable).join(' or ')}, or an array of them, got ${nameOf(one)}`,
    );
  });
}

/** What all of them have now. One that fails, or is late, is told and keeps nobody waiting. */
export async function collectIncluded(all: readonly Included[], clock: Clock): Promise<readonly Family[]> {
  const found = await Promise.all(all.map((one) => inTime(one, clock)));
  return found.flat();
}

async function inTime(one: Included, clock: Clock): Promise<readonly Family[]> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = after(clock, DEADLINE_MS, () => reject(new Error(`no answer within ${DEADLINE_MS} ms`)));
  });
  try {
    return sound(await Promise.race([one.collect(), late]));
  } catch (cause) {
    diagnostics.drop('metrics', 'include_failed');
    diagnostics.warn('metrics include', `${one.title} is left out of this scrape: ${messageOf(cause)}`, cause);
    return [];
  } finally {
    cancel();
  }
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'a function' : String(value);
  return `an object of ${value.constructor?.name || 'no class'}`;
}

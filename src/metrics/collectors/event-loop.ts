import type { Reading, Saturation } from '../../core/saturation.js';
import type { Collector, Family } from '../family.js';
import { NO_LABELS } from '../labels.js';

/** The event loop under the names of the semantic conventions, from what the saturation probes last saw. */
export function eventLoop(read: () => Saturation): Collector {
  return () => {
    const { resources } = read();
    return [
      ...gauge('nodejs.eventloop.utilization', '1', resources['event-loop-utilization']?.ratio, {
        help: 'Share of the time in which the event loop had work.',
        action: 'above 0.9 for a minute: find the synchronous code with a CPU profile, or add replicas.',
      }),
      ...delays(resources['event-loop-delay']),
    ];
  };
}

function delays(reading: Reading | undefined): Family[] {
  return ['p50', 'p99', 'max'].flatMap((what) =>
    gauge(`nodejs.eventloop.delay.${what}`, 's', reading?.readings[`${what}_seconds`], {
      help: `How late the event loop was since the last sample: ${what}.`,
      action: 'above 0.1 s: something blocks the loop; look for large JSON, crypto, or a long loop.',
    }),
  );
}

function gauge(
  name: string,
  unit: string,
  value: number | undefined,
  text: { help: string; action: string },
): Family[] {
  if (value === undefined) return [];
  return [{ type: 'gauge', over: 'max', name, unit, ...text, points: [{ labels: NO_LABELS, value }] }];
}

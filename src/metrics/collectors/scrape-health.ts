import type { Family } from '../family.js';
import { NO_LABELS } from '../labels.js';

/** What the last text of metrics has cost. */
export function scrapeHealth(seconds: number, bytes: number): Family[] {
  return [
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.scrape.duration', unit: 's' },
      help: 'Time that writing the metrics took the last time, waiting apart.',
      action: 'above 0.05 s: fewer routes or labels.',
      points: [{ labels: NO_LABELS, value: seconds }],
    },
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.scrape.size', unit: 'By' },
      help: 'Length of the metrics the last time.',
      action: 'near the limit: series will be left out; fewer routes, or a higher limit.',
      points: [{ labels: NO_LABELS, value: bytes }],
    },
  ];
}

import type { Family } from '../family.js';
import { NO_LABELS } from '../labels.js';

/** Who reports to the primary of a cluster, and how old the oldest report is. `agesMs`: one a process, the primary included. */
export function fleetHealth(agesMs: readonly number[]): Family[] {
  return [
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.cluster.processes', unit: '{process}' },
      help: 'Processes whose numbers are in here, the primary included.',
      action: 'fewer than were started: read why workers end.',
      points: [{ labels: NO_LABELS, value: agesMs.length }],
    },
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.cluster.report_age', unit: 's' },
      help: 'Time since the most silent process of the cluster last reported.',
      action: 'above 15 s: a worker is blocked or stopped; its numbers are old.',
      points: [{ labels: NO_LABELS, value: Math.max(...agesMs) / 1000 }],
    },
  ];
}

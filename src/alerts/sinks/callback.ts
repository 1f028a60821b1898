import { messageOf } from '../../core/diagnostics.js';
import { DeliveryError } from '../../core/outbox.js';
import type { Alert, AlertSink } from './alert.js';

/** Calls back for each alert that fires, and again when it has resolved. What throws or rejects is counted, not tried again. */
export function callback(work: (alert: Alert) => unknown): AlertSink {
  return {
    name: 'callback',
    pace: 'change',
    deliver: async ({ alerts }) => {
      try {
        for (const alert of alerts) await work(alert);
      } catch (cause) {
        throw new DeliveryError(messageOf(cause), false); // it may have done half of its work
      }
    },
  };
}

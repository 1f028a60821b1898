import type { Alert, AlertSink } from './alert.js';

/** The part of a logger that this needs; the library's own fits, and so does any pino. */
export interface AlertLog {
  error(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  info(fields: object, event: string): void;
}

const LEVELS: Readonly<Record<string, keyof AlertLog>> = { critical: 'error', warning: 'warn', info: 'info' };

/** A line for each alert that fires, `alert_firing`, as severe as it is; another when it has resolved, `alert_resolved`. */
export function logLine(log: AlertLog): AlertSink {
  return {
    name: 'log',
    pace: 'change',
    deliver: ({ alerts }) => {
      for (const alert of alerts) {
        if (alert.status === 'resolved') log.info(fieldsOf(alert), 'alert_resolved');
        else log[LEVELS[alert.labels['severity'] ?? ''] ?? 'warn'](fieldsOf(alert), 'alert_firing');
      }
    },
  };
}

function fieldsOf({ labels, annotations, startsAtMs, endsAtMs, flapping }: Alert): object {
  const { alertname, severity, service: _, environment: __, ...rest } = labels; // every line says those of the process
  return {
    alert: alertname,
    severity,
    ...annotations,
    ...(Object.keys(rest).length > 0 && { labels: rest }),
    starts_at: new Date(startsAtMs).toISOString(),
    ...(endsAtMs !== undefined && { ends_at: new Date(endsAtMs).toISOString() }),
    ...(flapping && { flapping }),
  };
}

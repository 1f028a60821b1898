import type { Epoch } from '../../core/epoch.js';
import type { AlertSeries } from '../engine/series.js';
import { figure } from '../figure.js';
import { ruleLabels } from '../rule-labels.js';
import { signals, signalText } from '../signal.js';
import type { Alert } from '../sinks/alert.js';

/** Who speaks. */
export interface AlertOrigin {
  readonly service: string;
  readonly environment?: string | undefined;
  /** Of this process; only alerts that are true of one process alone bear it. */
  readonly instance?: string | undefined;
}

/** A series as an alert, or nothing where it has never fired. */
export function alertOf(series: AlertSeries, origin: AlertOrigin, epoch: Epoch): Alert | undefined {
  const { episode, firing, rule } = series;
  if (episode === undefined) return undefined;
  const startsAtMs = Math.round(epoch.at(episode.startedMs));
  return {
    labels: labelsOf(series, origin),
    annotations: {
      summary: summaryOf(series),
      action: rule.action,
      value: series.value === null ? 'unknown' : figure(series.value, rule),
      ...(rule.runbook !== undefined && { runbook_url: rule.runbook }),
    },
    status: firing ? 'firing' : 'resolved',
    startsAtMs,
    endsAtMs: firing ? undefined : Math.round(epoch.at(episode.endedMs)),
    flapping: episode.flapping,
  };
}

/** Without the version and, of what is true of the whole service, the instance: N processes make one alert. */
function labelsOf({ rule, labels }: AlertSeries, { service, environment, instance }: AlertOrigin): Alert['labels'] {
  const { perProcess } = { perProcess: false, ...signals[rule.signal.base] };
  return {
    ...labels,
    ...ruleLabels(rule),
    alertname: rule.name,
    service,
    ...(environment !== undefined && { environment }),
    ...(perProcess && instance !== undefined && { instance }),
  };
}

function summaryOf(series: AlertSeries): string {
  const { rule, key } = series;
  const of = key === '' ? '' : ` of ${key}`;
  const signal = rule.signal.key === undefined ? signalText(rule.signal) : rule.signal.base;
  const limit = `${rule.side} ${figure(rule.fireAt, rule)}`;
  return `${signal}${of} is ${series.value === null ? 'not known' : figure(series.value, rule)}; it fires ${limit}`;
}

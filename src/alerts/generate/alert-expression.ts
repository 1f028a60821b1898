import type { SettledRule } from '../rule.js';
import { metricNames } from './metric-names.js';
import { type NamedQuery, pickedBy } from './query.js';
import { equal, quoted, type Selectors } from './scope.js';

/** What the expression must know of its signal. */
export type Subject = Pick<NamedQuery, 'by' | 'pick' | 'perProcess'>;

export interface Recorded {
  /** The recorded value and the number of samples behind it, with the rule's matchers; the latter where it counts. */
  readonly value: string;
  readonly samples: string | undefined;
  /** Labels that both have. */
  readonly by: readonly string[];
}

/**
 * The condition under which the engine holds a series for firing, in PromQL: beyond the threshold; or in the band while it
 * fires; or not known while it fires. Prometheus remembers that it fires in the series `ALERTS`, one evaluation late, as the
 * engine does. Without `alertstate="firing"` a short peak would latch while it is pending.
 */
export function alertExpression(rule: SettledRule, query: Subject, recorded: Recorded, select: Selectors): string {
  const { name, side, fireAt, resolveAt, minSamples } = rule;
  const { value, samples, by } = recorded;
  const enough = samples && `${samples} >= ${minSamples}`;
  const known = (limit: string): string => (enough ? `(${value}${limit} and ${enough})` : `${value}${limit}`);
  const beyond = side === 'above' ? '>' : '<';
  const firing = select.of('ALERTS', equal('alertname', name), equal('alertstate', 'firing'));
  const clauses = [
    known(` ${beyond} ${fireAt}`),
    resolveAt !== fireAt && `${known(` ${beyond} ${resolveAt}`)} and ${on(by)} ${firing}`,
    // There is no value to show.
    held(rule, query, recorded, select, `max by (${by.join(', ')}) (${firing}) * NaN`, known('')),
    rule.noData === 'fire' && silence(rule, query, recorded, select),
  ];
  return clauses.filter((clause) => typeof clause === 'string').join('\nor\n');
}

/**
 * It fires and now nothing is known. That keeps it firing as long as the process is there, or as the service was heard of
 * within an hour: an instance that was replaced must not fire for ever. With `noData: 'resolve'` only few samples keep it.
 */
function held(
  { noData, minSamples }: SettledRule,
  query: Subject,
  { value, samples, by }: Recorded,
  select: Selectors,
  firing: string,
  known: string,
): string | undefined {
  if (noData === 'resolve') return samples && `${firing} and ${on(by)} (${samples} > 0) < ${minSamples}`;
  const there = query.perProcess
    ? `${on([select.service, select.instance])} ${select.of(metricNames.uptime)}`
    : `${on(by)} last_over_time(${samples ?? value}[1h])`;
  return `${firing} and ${there} unless ${on(by)} ${known}`;
}

/**
 * Nothing of it, though its process is there now or its service has been within a day. Which of all routes or dependencies is
 * missing shows only in that it was there within an hour.
 */
function silence(rule: SettledRule, query: Subject, { value, by }: Recorded, select: Selectors): string {
  const picked = pickedBy(rule.signal, query);
  const isOne = query.by.every((label) => Object.hasOwn(picked, label));
  const own = by.slice(0, by.length - query.by.length);
  const uptime = select.of(metricNames.uptime);
  const missing = `unless ${on(by)} ${value}`;
  if (!isOne) {
    const alive = query.perProcess ? ` and ${on(own)} ${uptime}` : '';
    return `group by (${by.join(', ')}) (last_over_time(${value}[1h]))${alive} ${missing}`;
  }
  const there = `group by (${own.join(', ')}) (${query.perProcess ? uptime : `last_over_time(${uptime}[1d])`})`;
  const named = Object.entries(picked).reduce(
    (vector, [label, text]) =>
      `label_replace(${vector}, ${quoted(label)}, ${quoted(text.replaceAll('$', '$$$$'))}, "", "")`,
    there,
  );
  return `${named} ${missing}`;
}

function on(labels: readonly string[]): string {
  return `on (${labels.join(', ')})`;
}

import type { Alert, Message } from '../sinks/alert.js';
import type { Pacer, Told } from './pacer.js';

/** The waits of an Alertmanager, ms. */
export interface GroupWaits {
  /** From the first alert of a group until it is told: others may follow. */
  readonly waitMs: number;
  /** Between two messages of a group that has changed. */
  readonly intervalMs: number;
  /** Between two messages of a group that has not. */
  readonly repeatMs: number;
}

/** Those of an Alertmanager, save for the first: in one process what belongs together comes within one evaluation. */
export const groupWaits: GroupWaits = { waitMs: 10_000, intervalMs: 5 * 60_000, repeatMs: 4 * 3_600_000 };

interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly alerts: Map<string, Told>;
  dueMs: number;
  /** When its last message was made; NaN before the first. */
  toldMs: number;
  /** What the last messages have said to fire, and not yet to have resolved. */
  readonly told: Set<string>;
}

/**
 * Groups by name and service, as an Alertmanager does that is set to `group_by: [alertname, service]`, and tells a group
 * when something new fires or something told has resolved, else again after hours.
 */
export class Groups implements Pacer {
  readonly #waits: GroupWaits;
  readonly #groups = new Map<string, Group>();

  constructor(waits: GroupWaits = groupWaits) {
    this.#waits = waits;
  }

  next(told: readonly Told[], nowMs: number, atMs: number): Message[] {
    for (const one of told) this.#take(one, nowMs);
    return this.#flush(atMs, nowMs, ({ dueMs }) => nowMs >= dueMs);
  }

  last(nowMs: number, atMs: number): Message[] {
    return this.#flush(atMs, nowMs, () => true);
  }

  #take(one: Told, nowMs: number): void {
    const { alertname = '', service = '' } = one.alert.labels;
    const name = JSON.stringify([alertname, service]);
    const group = this.#groups.get(name) ?? {
      labels: { alertname, service },
      alerts: new Map(),
      dueMs: nowMs + this.#waits.waitMs,
      toldMs: Number.NaN,
      told: new Set(),
    };
    if (one.alert.status === 'resolved' && !group.told.has(one.id)) group.alerts.delete(one.id);
    else group.alerts.set(one.id, one);
    if (group.alerts.size > 0) this.#groups.set(name, group);
    else if (group.told.size === 0) this.#groups.delete(name);
  }

  #flush(atMs: number, nowMs: number, isDue: (group: Group) => boolean): Message[] {
    const messages: Message[] = [];
    for (const [name, group] of this.#groups) {
      if (!isDue(group)) continue;
      group.dueMs = nowMs + this.#waits.intervalMs;
      const alerts = this.#news(group, nowMs);
      if (alerts !== undefined) messages.push({ groupLabels: group.labels, alerts, atMs });
      if (group.alerts.size === 0) this.#groups.delete(name);
    }
    return messages;
  }

  /** What there is to tell, all that fires included; `undefined` where nothing has changed and nothing is to be repeated. */
  #news(group: Group, nowMs: number): Alert[] | undefined {
    const open = [...group.alerts.values()].filter(({ alert, muted }) => alert.status === 'resolved' || !muted);
    const isNews = open.some(({ id, alert }) => (alert.status === 'firing') !== group.told.has(id));
    const isDue = open.length > 0 && nowMs - group.toldMs >= this.#waits.repeatMs;
    if (!isNews && !isDue) return undefined;
    for (const { id, alert } of open) {
      if (alert.status === 'firing') group.told.add(id);
      else {
        group.told.delete(id);
        group.alerts.delete(id);
      }
    }
    group.toldMs = nowMs;
    return open.map(({ alert }) => alert);
  }
}

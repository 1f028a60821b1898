import type { Alert, Message } from '../sinks/alert.js';
import type { Pacer, Told } from './pacer.js';

/** Each alert once when it fires and is not muted, and once when it resolves, if it was told at all. */
export class Changes implements Pacer {
  readonly #told = new Set<string>();

  next(told: readonly Told[], _nowMs: number, atMs: number): Message[] {
    return told.filter((one) => this.#isNews(one)).map(({ alert }) => messageOf(alert, atMs));
  }

  last(): Message[] {
    return [];
  }

  #isNews({ id, alert, muted }: Told): boolean {
    if (alert.status === 'resolved') return this.#told.delete(id);
    if (muted || this.#told.has(id)) return false;
    this.#told.add(id);
    return true;
  }
}

function messageOf(alert: Alert, atMs: number): Message {
  const { alertname = '', service = '' } = alert.labels;
  return { groupLabels: { alertname, service }, alerts: [alert], atMs };
}

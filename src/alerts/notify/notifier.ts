import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { Epoch } from '../../core/epoch.js';
import type { Outbox, OutboxCounts } from '../../core/outbox.js';
import type { Found } from '../engine/engine.js';
import { Muting } from '../engine/muting.js';
import type { AlertSeries } from '../engine/series.js';
import type { Alert, AlertSink, Message, Pace } from '../sinks/alert.js';
import { Changes } from './changes.js';
import { Groups, type GroupWaits, groupWaits } from './groups.js';
import { outboxOf } from './outbox.js';
import type { Pacer, Told } from './pacer.js';
import { States } from './states.js';
import { type AlertOrigin, alertOf } from './wording.js';

export interface Waits {
  /** @default those of an Alertmanager */
  readonly groups?: Partial<GroupWaits> | undefined;
  /** Between two messages to an Alertmanager. @default 60 s */
  readonly resendMs?: number | undefined;
}

/** What became of the messages of one sink. */
export interface SinkCounts extends OutboxCounts {
  readonly sink: string;
}

interface Way {
  readonly sink: string;
  readonly pacer: Pacer;
  readonly outbox: Outbox<Message>;
}

/** Tells sinks what evaluations find, each at its own pace. Never throws. */
export class Notifier {
  readonly #clock: Clock;
  readonly #epoch: Epoch;
  readonly #origin: AlertOrigin;
  readonly #ways: readonly Way[];

  constructor(clock: Clock, origin: AlertOrigin, sinks: readonly AlertSink[], waits: Waits = {}) {
    const pacers = {
      change: () => new Changes(),
      group: () => new Groups({ ...groupWaits, ...waits.groups }),
      state: () => new States(waits.resendMs),
    } as const satisfies Readonly<Record<Pace, () => Pacer>>;
    this.#clock = clock;
    this.#epoch = new Epoch(clock);
    this.#origin = origin;
    this.#ways = sinks.map((sink) => ({
      sink: sink.name,
      pacer: pacers[sink.pace](),
      outbox: outboxOf(sink, clock),
    }));
  }

  counts(): SinkCounts[] {
    return this.#ways.map(({ sink, outbox }) => ({ sink, ...outbox.counts }));
  }

  tell({ firing, ended }: Found): void {
    const muting = new Muting(firing);
    const told = [...ended, ...firing].flatMap((series) => this.#told(series, muting));
    const [nowMs, atMs] = [this.#clock.monotonic(), this.#clock.now()];
    for (const { sink, pacer, outbox } of this.#ways) {
      try {
        for (const message of pacer.next(told, nowMs, atMs)) outbox.put(message);
      } catch (cause) {
        diagnostics.report(`alerts for ${sink}`, cause);
      }
    }
  }

  /** A message of its own, at once: it belongs to no group, and does not come again. The log has a line of it already. */
  announce(alert: Alert): void {
    const { alertname = '' } = alert.labels;
    const message = { groupLabels: { alertname }, alerts: [alert], atMs: this.#clock.now() };
    for (const { sink, outbox } of this.#ways) if (sink !== 'log') outbox.put(message);
  }

  /** Groups that wait are told now; resolves when all is delivered, or given up because the time is up. */
  async stop(leftMs: number): Promise<void> {
    const [nowMs, atMs] = [this.#clock.monotonic(), this.#clock.now()];
    for (const { pacer, outbox } of this.#ways) for (const message of pacer.last(nowMs, atMs)) outbox.put(message);
    await Promise.all(this.#ways.map(({ outbox }) => outbox.close(leftMs)));
  }

  #told(series: AlertSeries, muting: Muting): Told[] {
    const alert = alertOf(series, this.#origin, this.#epoch);
    if (alert === undefined) return [];
    return [{ id: `${series.rule.name} ${series.key}`, alert, muted: muting.isMuted(series) }];
  }
}

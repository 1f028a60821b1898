/** One alert as sinks get it. Plain data. */
export interface Alert {
  /** What tells it from others, the same in every process that has the same rule: the identity at an Alertmanager. */
  readonly labels: Readonly<Record<string, string>>;
  /** `summary`, `action`, `value`, and `runbook_url` where there is one. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  /** Epoch ms. */
  readonly startsAtMs: number;
  /** Epoch ms; `undefined` while it fires. */
  readonly endsAtMs: number | undefined;
  /** It has come and gone more than three times within an hour. */
  readonly flapping: boolean;
}

/** What is told at once: alerts of one group. */
export interface Message {
  /** What the alerts have in common by which they were grouped. */
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly Alert[];
  /** When it was put together, epoch ms. */
  readonly atMs: number;
}

/**
 * When a sink is told: `change`: each alert by itself, as it fires and as it resolves; `group`: as an Alertmanager tells its
 * receivers, grouped and repeated; `state`: all that fires or has just resolved, over and over, as an Alertmanager is told.
 */
export type Pace = 'change' | 'group' | 'state';

/**
 * Where alerts go. `deliver` resolves when they have got there, and rejects when not; it is called for one message at a
 * time, with at most 3 s until `signal` is aborted, and again for the same message after a failure that may pass.
 */
export interface AlertSink {
  /** For people and for the counts of what was lost: no secrets. */
  readonly name: string;
  readonly pace: Pace;
  deliver(message: Message, signal: AbortSignal): void | Promise<void>;
  close?(): void;
}

/** How long an ending process may wait for a reader: `quietMs` without any progress, `totalMs` in all. */
export interface Patience {
  readonly quietMs: number;
  readonly totalMs: number;
}

/** Where lines leave the process. Nothing here throws; only `drain` waits. */
export interface Outlet {
  /** Lines taken over and neither written nor dropped yet. */
  readonly pending: number;
  write(line: string): void;
  /** While on, every line goes to the system at once instead of with its batch. */
  writeThrough(on: boolean): void;
  /** Hands over what can be handed over now. */
  flush(): void;
  /** Flushes until nothing is pending, which it says by true, or patience is at its end. */
  drain(patience: Patience): boolean;
  /** Drops what is pending, for that reason. */
  abandon(reason: string): void;
  /** Flushes, drops the rest, and refuses every further line; lets go of what it opened. */
  close(): void;
}

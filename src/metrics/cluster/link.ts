import type { ToPrimary } from './messages.js';

/** The way from a worker, a process or a thread, to whoever collects its numbers. */
export interface Link {
  /** False where nothing arrives: there is no other end, or no longer. */
  readonly open: boolean;
  /** Never throws; what does not arrive is no matter to one that ends. */
  send(message: ToPrimary): void;
  /** Returns what ends it. */
  listen(onMessage: (message: unknown) => void): () => void;
}

/** From a worker of `node:cluster` to its primary, over their IPC channel. */
export const toPrimary: Link = {
  get open() {
    return process.connected;
  },
  send: (message) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  },
  listen: (onMessage) => {
    process.on('message', onMessage);
    return () => process.off('message', onMessage);
  },
};

import type { Exchange } from './exchange.js';

/** Counts what became of requests by the variant of a flag that they were shown. Kept by `signals/variants`, fed by `flags/exposure`. */
export interface VariantRecorder {
  /** Called once per flag and variant when the exchange has ended. Never throws, never keeps the exchange. */
  record(flag: string, variant: string, exchange: Exchange): void;
}

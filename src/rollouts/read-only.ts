import type { Evaluation } from '../flags/evaluation.js';
import type { Refusal } from './refusal.js';

/** Name of the ready-made ops flag. On, or shed under load, it refuses whatever changes something. */
export const READ_ONLY = 'read_only';
/** RFC 9110, section 9.2.1. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const RETRY_AFTER_SECONDS = 30;

export interface ReadOnlyFlags {
  details(key: string, fallback: boolean): Evaluation<boolean>;
}

/**
 * Asks, for a method that is not safe, whether the service only reads at the moment: `read_only` is on in the document or by
 * an override, or it has `ops.shed` in its metadata and was shed. What is safe is never asked about.
 */
export function readOnly(flags: ReadOnlyFlags, retryAfterSeconds = RETRY_AFTER_SECONDS) {
  const refusal: Refusal = { why: 'read only', retryAfterSeconds };
  return (method: string | undefined): Refusal | undefined => {
    if (method === undefined || SAFE.has(method)) return undefined;
    const { value, reason } = flags.details(READ_ONLY, false);
    return value || reason === 'OPS_SHED' ? refusal : undefined;
  };
}

/** What Go, and so every receiver of an Alertmanager, takes for "not yet". */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

export function rfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

import type { AlertState } from '../../src/admin/api/sources.js';

/** A critical alert of the whole service, as the admin surface is told of it. It fires unless something else is said. */
export const alertState = (given: Partial<AlertState> = {}): AlertState => ({
  name: 'HighErrorRatio',
  severity: 'critical',
  signal: 'errors.ratio',
  condition: 'above 5 %',
  key: '',
  labels: {},
  state: 'firing',
  sinceMs: 0,
  value: 0.1,
  muted: false,
  flapping: false,
  action: 'Take the last release back.',
  ...given,
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFor, takesGzip } from '../../src/metrics/negotiation.js';

/** As Prometheus 2.42 asks. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

test.each([
  [PROMETHEUS, 'openMetrics'],
  ['application/openmetrics-text', 'openMetrics'],
  ['Application/OpenMetrics-Text ; Q=0.5, text/plain;q=0.4', 'openMetrics'],
  ['application/openmetrics-text;q=0.4,text/plain', 'prometheus'],
  ['application/openmetrics-text;q=0', 'prometheus'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus'],
  ['*/*', 'prometheus'],
  ['', 'prometheus'],
  [undefined, 'prometheus'],
])('%s gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

test.each([
  ['gzip', true],
  ['br, GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0', false],
  ['*, gzip;q=0', false],
  ['br, deflate', false],
  [undefined, false],
])('%s takes gzip: %s', (accepted, takes) => {
  expect(takesGzip(accepted)).toBe(takes);
});

test('no header makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000 }), (header) => {
      expect(['prometheus', 'openMetrics']).toContain(formatFor(header));
      expect([true, false]).toContain(takesGzip(header));
    }),
  );
});

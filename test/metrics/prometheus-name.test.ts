import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseName } from '../../src/metrics/prometheus-name.js';

test.each([
  ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
  ['process.memory.usage', 'By', 'gauge', 'process_memory_usage_bytes'],
  ['process.cpu.time', 's', 'counter', 'process_cpu_time_seconds'],
  ['nodejs.eventloop.utilization', '1', 'gauge', 'nodejs_eventloop_utilization_ratio'],
  ['saturation.ratio', '1', 'gauge', 'saturation_ratio'],
  ['feature_flag.evaluations', '{evaluation}', 'counter', 'feature_flag_evaluations'],
  ['db.client.connection.count', '{connection}', 'gauge', 'db_client_connections'],
  ['orders.total', '1', 'counter', 'orders'],
  ['orders.value', 'EUR', 'counter', 'orders_value_EUR'],
  ['speed', 'By/s', 'gauge', 'speed_By_per_s'],
  ['2nd.try', '{try}', 'counter', '_2nd_try'],
  ['größe', 'By', 'gauge', 'gr_e_bytes'],
  ['toString', 'constructor', 'gauge', 'toString_constructor'],
] as const)('%s in %s, a %s, is %s', (name, unit, type, expected) => {
  expect(baseName({ name, unit, type })).toBe(expected);
});

test("somebody else's name stays", () => {
  expect(baseName({ name: 'nodejs_eventloop_lag_seconds', unit: '', type: 'gauge', foreign: true })).toBe(
    'nodejs_eventloop_lag_seconds',
  );
});

test('any name and unit make a name that Prometheus takes', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.string(),
      fc.constantFrom('gauge', 'counter', 'histogram'),
      (name, unit, type) => {
        expect(baseName({ name, unit, type })).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
      },
    ),
  );
});

import { describe, expect, test, vi } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { allFamilies, collectors } from '../../src/metrics/collectors.js';
import type { Family } from '../../src/metrics/family.js';
import { merged } from '../../src/metrics/merge.js';
import { everySource as sources } from './every-source.js';
import { textOf } from './samples.js';

const collect = allFamilies(sources);
const text = await textOf(merged(collect()));

describe.each(Object.entries(collectors))('collector %s', (_name, make) => {
  const families = (): readonly Family[] => make(sources)?.() ?? [];

  test('says of each family what it is and what to do, as sentences', () => {
    for (const { name, help, action } of families()) {
      expect(help, name).toMatch(/^\S.*\.$/);
      expect(action, name).toMatch(/^\S.*\.$/);
    }
  });

  test('has the same labels again at the next collection, so that writers find theirs', () => {
    const again = make(sources);
    const labels = (): unknown[] => (again?.() ?? []).flatMap(({ points }) => points.map((point) => point.labels));
    const [first, second] = [labels(), labels()];
    expect(second).toHaveLength(first.length);
    first.forEach(
      (one, i) => void expect(Object.is(second[i], one) || Object.keys(one as object).length === 0).toBe(true),
    );
  });

  test('is absent without its source', () => {
    const without = make({ clock: sources.clock, drops: () => ({}) });
    expect(without === undefined || without().every(({ name }) => /^(process|v8js|fourlights)/.test(name))).toBe(true);
  });
});

test.each([
  'http_server_active_requests 2',
  'http_server_requests_aborted_total{http_request_method="GET",http_route="/a/:id",fourlights_abort_phase="mid_response"} 1',
  'http_server_requests_aborted_total{http_request_method="GET",http_route="/a/:id",fourlights_abort_phase="before_headers"} 0',
  'http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/a/:id",http_response_status_code="200",le="0.05"} 1',
  'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/a/:id",http_response_status_code="503",error_type="503"} 1',
  'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/a/:id",error_type="timeout"} 1',
  'saturation_ratio{resource="cpu"} 0.25',
  'saturation_throttled_ratio{resource="cpu"} 0.1',
  'saturation_used_cpus{resource="cpu"} 0.5',
  'saturation_limit_bytes{resource="cpu"} 7',
  'saturation_used_items{resource="pool"} 3',
  'saturation_threads{resource="pool"} 4',
  'nodejs_eventloop_utilization_ratio 0.5',
  'nodejs_eventloop_delay_p99_seconds 0.01',
  'v8js_gc_duration_seconds_bucket{v8js_gc_type="minor",le="0.1"} 1',
  'fourlights_dropped_total{signal="series",reason="route_cap"} 3',
  'fourlights_spans_dropped_total{reason="queue_full"} 2',
  'feature_flag_exposures_total{feature_flag_key="new",feature_flag_result_variant="on",outcome="ok"} 2',
  'feature_flag_exposures_total{feature_flag_key="new",feature_flag_result_variant="on",outcome="error"} 1',
  'feature_flag_request_duration_seconds_count{feature_flag_key="new",feature_flag_result_variant="on"} 3',
  'feature_flag_source_stale_seconds{source="https://flags.example/all"} 90',
  'feature_flag_source_stale_seconds{source="file ./flags.json"} 0',
  'fourlights_alerts_firing{alert="Errors",severity="critical"} 1',
  'fourlights_alerts_firing{alert="Slow",severity="warning"} 0',
  'fourlights_rollout_steps_total{flag="checkout",event="rollout_rolled_back"} 1',
  'fourlights_rollout_share_ratio{flag="checkout"} 0.05',
  'fourlights_requests_refused_total{why="overloaded"} 7',
  'slo_error_budget_remaining_ratio{slo="checkout"} 0.4',
  'db_client_connections{db_client_connection_pool_name="db",db_client_connection_state="used"} 2',
  'db_client_connection_pending_requests{db_client_connection_pool_name="db"} 18',
  'cache_requests_total{cache="sessions",result="hit"} 3',
  'queue_depth{queue="emails"} 7',
  'orders_placed_total{tier="gold"} 2',
  'checkout_time_seconds_count 1',
  'dependency_active_requests{dependency="orders"} 1',
  'dependency_requests_aborted_total{dependency="users:3000"} 1',
  'db_client_operation_duration_seconds_count{dependency="orders",db_system_name="postgresql",db_operation_name="select",error_type="Error"} 1',
  'dependency_operation_duration_seconds_count{dependency="mailer",operation="select"} 1',
  'http_client_request_duration_seconds_count{server_address="users",server_port="3000",http_request_method="GET",http_response_status_code="404",error_type="404"} 1',
])('it says: %s', (line) => {
  expect(text.split('\n')).toContain(line);
});

test('what is not known is not said', () => {
  expect(text).not.toContain('queue_oldest_age');
  expect(text).not.toContain('Infinity');
});

test('a collector that throws leaves out its own alone', () => {
  const report = vi.spyOn(diagnostics, 'report').mockReturnValue();
  const broken = allFamilies({ ...sources, variants: () => Reflect.apply(Array.from, undefined, [null]) as never });
  expect(broken().map(({ name }) => name)).toContain('http.server.request.duration');
  expect(report).toHaveBeenCalledWith('metrics collector "flags"', expect.any(TypeError));
});

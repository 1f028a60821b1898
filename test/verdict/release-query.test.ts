import { expect, test } from 'vitest';
import { durationsQuery, errorsQuery } from '../../src/verdict/release-query.js';

const VERSIONS = { baseline: '1.4.1', candidate: '1.5.0+b"1"' };

test('versions are taken as they stand, whatever characters they have', () => {
  expect(errorsQuery({ ...VERSIONS, label: 'version' })).toBe(
    String.raw`sum by (job, instance, version) (http_server_request_duration_seconds_count{error_type!="", version=~"1\\.4\\.1|1\\.5\\.0\\+b\"1\""})`,
  );
});

test('without a label of their own, the versions of targets are asked of the service itself', () => {
  const query = durationsQuery({ ...VERSIONS, service: 'checkout' });
  expect(query).toContain('on (job, instance) group_left (service_version) max by (job, instance, service_version)');
  expect(query).toContain('{__name__=~"service_info|target_info", service_version=~');
  expect(query).toContain('service_name="checkout"');
});

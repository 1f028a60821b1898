import type { Collector } from '../family.js';
import type { ServiceIdentity } from '../sources.js';

/**
 * Which version this is: joined to any other metric by `job` and `instance`, it tells versions apart without a label on
 * every series. A name of Prometheus's custom, where `_info` stands for a gauge that is always 1.
 */
export function serviceInfo({ service, version, environment }: ServiceIdentity): Collector {
  const labels = {
    'service.name': service,
    'service.version': version,
    'deployment.environment.name': environment,
  };
  return () => [
    {
      ...{ type: 'gauge', over: 'max', name: 'service_info', unit: '1', foreign: true, points: [{ labels, value: 1 }] },
      help: 'The service, by name and version; always 1.',
      action: 'join it to tell versions apart: * on (job, instance) group_left (service_version) service_info.',
    },
  ];
}

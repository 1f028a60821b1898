import type { AlertRule } from './rule.js';

/** What is watched unless it is turned off; a rule of the same name takes the place of one of these. */
export const defaultRules: readonly AlertRule[] = [
  {
    name: 'HighErrorRatio',
    severity: 'critical',
    signal: 'errors.ratio',
    fireAbove: 0.05,
    resolveBelow: 0.04,
    action: 'Roll back the last release or turn off the newest flag; then look at the errors by type and by route.',
  },
  {
    name: 'SlowResponses',
    severity: 'critical',
    signal: 'latency.p99',
    fireAbove: 2.5,
    resolveBelow: 2,
    action: 'See which route and which dependency is slow; shed optional work or roll back the last release.',
  },
  {
    name: 'SaturationHigh',
    severity: 'warning',
    signal: 'saturation',
    fireAbove: 0.9,
    resolveBelow: 0.8,
    action: 'See which resource is full, and add instances or raise its limit before requests have to wait.',
  },
  {
    name: 'DependencyErrors',
    severity: 'warning',
    kind: 'cause',
    signal: 'dependency.errors.ratio',
    fireAbove: 0.1,
    resolveBelow: 0.05,
    minSamples: 50,
    action: 'See whether the dependency is down for others too, then fail over to its replica or turn its use off.',
  },
  {
    name: 'TrafficStopped',
    severity: 'warning',
    signal: 'traffic.ofLastHour',
    fireBelow: 0.05,
    resolveAbove: 0.2,
    action: 'Check the load balancer, DNS and the health checks: requests came within the last hour and come no more.',
  },
  {
    name: 'TelemetryLoss',
    severity: 'warning',
    signal: 'telemetry.loss',
    fireAbove: 0,
    resolveBelow: 0,
    window: '5m',
    for: '1m',
    keepFiringFor: '5m',
    action: 'Check that collector, log destination and alert receivers are up: what is lost is missing on dashboards.',
  },
];

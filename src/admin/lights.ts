import type { GoldenSignals } from '../signals/golden-signals.js';
import type { AlertState } from './api/sources.js';
import { brief } from './figures.js';

/** `unknown`: too few requests to say. */
export type Colour = 'green' | 'amber' | 'red' | 'unknown';
export type LightName = 'latency' | 'traffic' | 'errors' | 'saturation';

/** One of the four, with what it stands on. */
export interface Light {
  readonly name: LightName;
  readonly colour: Colour;
  readonly value: number | null;
  readonly unit: 'seconds' | 'per second' | 'ratio';
  /** What the value is: `p99 of 320 requests`. */
  readonly of: string;
  /** The rule that decides, with its limits. */
  readonly rule: string;
  /** What to do about it when it is not green. */
  readonly action: string;
}

export interface Seen {
  readonly signals: GoldenSignals;
  /** Requests per second over the last quarter of an hour; `null` while that is not known. */
  readonly usual: number | null;
}

interface LightKind {
  readonly unit: Light['unit'];
  /** Signals of alert rules that colour it. */
  readonly watched: RegExp;
  readonly value: (signals: GoldenSignals) => number | null;
  readonly of: (signals: GoldenSignals) => string;
  /** How it is coloured while no alert rule watches it. */
  readonly rule: string;
  readonly colour: (value: number, seen: Seen) => Colour;
  readonly action: string;
}

const above = (value: number, amber: number, red: number): Colour =>
  value > red ? 'red' : value > amber ? 'amber' : 'green';

const TRAFFIC_SHARE = 0.05;

export const lightKinds = {
  latency: {
    unit: 'seconds',
    watched: /^(route\.)?latency\./,
    value: ({ latency }) => latency.p99,
    of: ({ latency }) =>
      latency.p99 === null ? `p99 needs 20 requests, ${latency.count} so far` : `p99 of ${latency.count} requests`,
    rule: 'amber above 1 s, red above 2.5 s',
    colour: (value) => above(value, 1, 2.5),
    action: 'See which route is slow, then open one of its slow requests: the waterfall shows where the time goes.',
  },
  traffic: {
    unit: 'per second',
    watched: /^(route\.)?traffic\./,
    value: ({ traffic }) => traffic.requestsPerSecond,
    of: ({ traffic }) => `requests per second, ${traffic.inFlight} in flight`,
    rule: 'amber below 5 % of the last 15 minutes',
    colour: (value, { usual }) => (usual !== null && usual >= 1 && value < usual * TRAFFIC_SHARE ? 'amber' : 'green'),
    action: 'Check the load balancer, DNS and the health checks: requests came until lately and come no more.',
  },
  errors: {
    unit: 'ratio',
    watched: /^((route\.)?errors\.|slo\.)/,
    value: ({ errors }) => errors.ratio,
    of: ({ errors, latency }) => `${errors.count} of ${latency.count} requests failed`,
    rule: 'amber above 1 %, red above 5 %',
    colour: (value) => above(value, 0.01, 0.05),
    action: 'Open a failed request. If a deploy or a flag changed just before the rise, take that back first.',
  },
  saturation: {
    unit: 'ratio',
    watched: /^saturation/,
    value: ({ saturation }) => saturation.ratio,
    of: ({ saturation }) =>
      saturation.worst === null ? 'no resource is read yet' : `of ${saturation.worst}, the fullest resource`,
    rule: 'amber above 80 %, red above 95 %',
    colour: (value) => above(value, 0.8, 0.95),
    action: 'See which resource is full; add instances, raise its limit, or turn expensive work off.',
  },
} as const satisfies Readonly<Record<LightName, LightKind>>;

/** The four lights. Where alert rules watch a signal they decide; else limits that suit most services. */
export function lights(seen: Seen, alerts: readonly AlertState[]): Light[] {
  return Object.entries(lightKinds).map(([name, kind]) => lit(name as LightName, kind, seen, alerts));
}

function lit(name: LightName, kind: LightKind, seen: Seen, alerts: readonly AlertState[]): Light {
  const value = kind.value(seen.signals);
  const shown = { name, value: brief(value), unit: kind.unit, of: kind.of(seen.signals) };
  const watching = alerts.filter(({ signal = '' }) => kind.watched.test(signal));
  const decisive = watching
    .map((alert) => ({ alert, colour: colourOf(alert) }))
    .sort((a, b) => rank(b.colour) - rank(a.colour));
  const [worst] = decisive;
  if (worst === undefined) {
    const colour = value === null ? 'unknown' : kind.colour(value, seen);
    return { ...shown, colour, rule: kind.rule, action: kind.action };
  }
  const { alert } = worst;
  const colour = worst.colour === 'green' && value === null ? 'unknown' : worst.colour;
  const of = alert.key === '' ? '' : ` (${alert.key})`;
  return { ...shown, colour, rule: `${alert.name}${of}: ${alert.condition ?? alert.severity}`, action: alert.action };
}

function colourOf({ severity, state, muted }: AlertState): Colour {
  const fires = (state === 'firing' || state === 'recovering') && !muted;
  if (severity === 'info' || (!fires && state !== 'pending')) return 'green';
  return fires && severity === 'critical' ? 'red' : 'amber';
}

function rank(colour: Colour): number {
  return ['unknown', 'green', 'amber', 'red'].indexOf(colour);
}

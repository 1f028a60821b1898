import { systemClock } from '../../core/clock.js';
import { A_DURATION, secondsOf } from '../../core/duration.js';
import { plain } from '../../core/plain.js';
import { JUDGED, type JudgedMetric, type Verdict } from '../../verdict/judge.js';
import { PrometheusApi, PrometheusError } from '../../verdict/prometheus-api.js';
import { Release, type ReleaseJudgement } from '../../verdict/release.js';
import { reportText } from '../../verdict/report.js';
import { command } from '../command.js';
import { Failure } from '../failure.js';

/** No verdict is 64 or more: those codes say that there is none. */
const CODES: Readonly<Record<Verdict, number>> = { pass: 0, rollback: 1, hold: 2 };

export const verdict = command({
  summary: 'Says whether a version is fit to be promoted beside the one that is in use, by what Prometheus has scraped',
  options: {
    prometheus: { type: 'string', value: 'url', required: true, help: 'the server that scrapes both versions' },
    baseline: { type: 'string', value: 'version', required: true, help: 'the version that is in use' },
    candidate: { type: 'string', value: 'version', required: true, help: 'the version that is to take its place' },
    service: {
      type: 'string',
      value: 'name',
      help: 'only of this service; of all that have these versions when left out',
    },
    label: {
      type: 'string',
      value: 'name',
      help: "the targets' label that has the version; when left out, service_info is asked, which our /metrics has",
    },
    wait: { type: 'string', value: 'time', default: '0s', help: 'how long to wait for enough evidence: 90s, 10m, 1h' },
    since: { type: 'string', value: 'time', default: '30m', help: 'how far back counts are read' },
    step: { type: 'string', value: 'time', default: '15s', help: 'one tick; not less than the scrape interval' },
    'min-hold': {
      type: 'string',
      value: 'time',
      default: '2m',
      help: 'nothing is promoted before it was seen for so long',
    },
    tolerance: {
      type: 'string',
      value: 'ratio',
      default: '1.5',
      help: "up to so many times the baseline's rate is accepted",
    },
    metrics: {
      type: 'string',
      value: 'list',
      default: JUDGED.join(','),
      help: 'what is compared: errors, latency, or both',
    },
    json: { type: 'boolean', help: 'as one line of JSON, with all of the evidence' },
  },
  exits: { 0: 'promote it', 1: 'roll it back', 2: 'not enough evidence' },
  example: 'verdict --prometheus http://prometheus:9090 --baseline 1.4.1 --candidate 1.5.0 --wait 10m',
  async run({ values, terminal }) {
    const { baseline, candidate, service, label } = values;
    if (baseline === candidate)
      throw new Failure('usage', `--baseline and --candidate are both "${baseline}": there is nothing to compare`);
    const release = new Release(server(values.prometheus), systemClock, {
      ...{ baseline, candidate, service, label },
      sinceSeconds: seconds('since', values.since),
      tickSeconds: seconds('step', values.step, 1),
      minHoldSeconds: seconds('min-hold', values['min-hold']),
      tolerance: ratio('tolerance', values.tolerance),
      metrics: judged(values.metrics),
    });
    const judgement = await decided(release, seconds('wait', values.wait));
    terminal.out(values.json ? `${JSON.stringify(judgement)}\n` : plain(reportText(judgement)));
    return CODES[judgement.verdict];
  },
});

/** A timer that is set for longer than 24 days goes off at once. */
const LONGEST_MS = 3_600_000;

/** Asks until it is decided, or the time is up. A server that does not answer is asked again as well. */
async function decided(release: Release, waitSeconds: number): Promise<ReleaseJudgement> {
  const until = systemClock.monotonic() + waitSeconds * 1000;
  for (;;) {
    const answer = await release.read().catch(unavailable);
    const leftMs = until - systemClock.monotonic();
    if (leftMs > 0 && (answer instanceof Failure || answer.verdict === 'hold')) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, release.tickSeconds * 1000, LONGEST_MS)));
      continue;
    }
    if (answer instanceof Failure) throw answer;
    return answer;
  }
}

function unavailable(cause: unknown): Failure {
  if (cause instanceof PrometheusError) return new Failure('unavailable', cause.message, { cause });
  throw cause;
}

function server(address: string): PrometheusApi {
  try {
    return new PrometheusApi(address, '--prometheus');
  } catch (cause) {
    throw new Failure('usage', (cause as Error).message, { cause });
  }
}

function seconds(option: string, text: string, least = 0): number {
  const value = secondsOf(text);
  if (value === undefined || value < least)
    throw new Failure('usage', `--${option} must be ${A_DURATION}, got "${text}"`);
  return value;
}

function judged(text: string): JudgedMetric[] {
  const names = text.split(',').map((name) => name.trim());
  const known = JUDGED.filter((metric) => names.includes(metric));
  if (known.length === 0 || names.length !== known.length)
    throw new Failure('usage', `--metrics must be ${JUDGED.join(', ')}, or both with a comma, got "${text}"`);
  return known;
}

function ratio(option: string, text: string): number {
  const value = Number(text);
  if (!(value >= 1)) throw new Failure('usage', `--${option} must be a number of 1 or more, got "${text}"`);
  return value;
}

import type { MetricEvidence } from './evidence.js';
import { FEWEST_SAMPLES } from './evidence-latency.js';
import { lacking, worse } from './guard-said.js';
import type { Track } from './guard-track.js';

/** Ticks without a request of a variant, after which nothing is said of it. */
const SILENT_TICKS = 3;

/** What the evidence of one tick comes to. */
export interface Verdict {
  readonly verdict: 'rollback' | 'hold' | 'pass';
  /** Why it is taken back. */
  readonly reason: string;
  /** Both variants are bad: a person is needed, and the flag is not to blame. */
  readonly bothBad: boolean;
  /** What stands against going on at all. */
  readonly blocked: readonly string[];
  /** What there is too little evidence of for a pass. */
  readonly lacking: readonly string[];
}

export interface Judged {
  readonly track: Track;
  readonly evidence: readonly MetricEvidence[];
}

/** Off wins: one variant that is worse takes the flag back, all of them have to pass for it to go on. */
export function judged(control: string, all: readonly Judged[]): Verdict {
  const bothBad = all.some(({ track }) => track.lanes.bothBad);
  const reason = all.map((each) => blame(control, each)).find((found) => found !== undefined);
  const blocked = all.flatMap(({ track }) => blocks(control, track));
  if (all.length === 0) blocked.push('no request has been shown any variant but the default one');
  if (bothBad) blocked.unshift('both variants are bad: whatever it is, the flag is not the difference');
  const missing = all.flatMap((each) => lacks(control, each));
  const sound = blocked.length + missing.length === 0 ? 'pass' : 'hold';
  return {
    verdict: reason === undefined ? sound : 'rollback',
    reason: reason ?? '',
    bothBad,
    blocked,
    lacking: missing,
  };
}

function blame(control: string, { track, evidence }: Judged): string | undefined {
  if (track.lanes.broken) {
    return `half or more of the last minute's requests of "${track.variant}" failed, of "${control}" fewer than 10 %`;
  }
  const bad = evidence.find(({ rollback }) => rollback);
  return bad && worse(track.variant, control, bad);
}

function blocks(control: string, { variant, lanes: { silent }, splitWrong }: Track): string[] {
  const said: string[] = [];
  if (silent.control >= SILENT_TICKS) said.push(`no requests of "${control}" in the last ${silent.control} ticks`);
  if (silent.canary >= SILENT_TICKS) said.push(`no requests of "${variant}" in the last ${silent.canary} ticks`);
  if (splitWrong) said.push(`requests are not split between "${control}" and "${variant}" as asked for`);
  return said;
}

function lacks(control: string, { track, evidence }: Judged): string[] {
  const samples = track.latencySamples ?? 0;
  return evidence
    .filter(({ promote }) => !promote)
    .map((each) =>
      each.metric === 'latency' && samples < FEWEST_SAMPLES
        ? `not enough requests of "${control}" to know its latency: ${Math.floor(samples)} of ${FEWEST_SAMPLES}`
        : lacking(track.variant, control, each),
    );
}

/** How PromQL picks the requests of both sides: everything between the braces, and what is multiplied onto the counts. */
export interface Side {
  /** Matchers of the metric, such as `pod=~"..."`; empty for none. */
  readonly matchers: string;
  /** A join, such as `* on (job, instance) ...`; empty for none. */
  readonly join: string;
}

export interface EvidenceQuery {
  readonly baseline: Side;
  readonly candidate: Side;
  /** How far back requests count. */
  readonly window: string;
}

const REQUESTS = 'http_server_request_duration_seconds_count';
/** Of the baseline's error rate, what is accepted. */
export const TOLERANCE = 1.5;
/** Multiples of the baseline's error rate that are tried. */
export const RATIOS: readonly number[] = [2, 5, 15];
/** Requests of the candidate, below which there is no answer. */
const FEWEST = 100;
/** Of evidence: the natural logarithm of 1 / 0.01. */
export const LIMIT = 4.6;

/**
 * The natural logarithm of the evidence that the candidate fails more than 1.5 times as often as the baseline: above
 * `LIMIT` a harmless candidate comes in 1 of 100. Empty below 100 requests of the candidate, NaN without any of the
 * baseline. The same test as in the process, without its restarts and its tempering by bursts: the second best.
 */
export function evidenceQuery({ baseline, candidate, window }: EvidenceQuery): string {
  const bad = (side: Side): string => `scalar(${counted(side, window, 'error_type!=""')} or vector(0))`;
  const all = (side: Side): string => `scalar(${counted(side, window)})`;
  const ratios = RATIOS.map((ratio) => `label_replace(vector(${ratio}), "ratio", "${ratio}", "", "")`).join(' or ');
  const [na, nb] = [all(baseline), all(candidate)];
  const share = `((${TOLERANCE} * ${nb} + ${na}) / ((${ratios}) * ${nb} + ${na}))`;
  const onCandidate = `${bad(candidate)} * ln((${ratios}) / ${TOLERANCE} * ${share})`;
  const onBaseline = `${bad(baseline)} * ln(${share})`;
  const enough = `${counted(candidate, window)} > ${FEWEST}`;
  return `ln(avg(exp(clamp_max(${onCandidate} + ${onBaseline}, 700)))) and on () (${enough})`;
}

function counted({ matchers, join }: Side, window: string, also = ''): string {
  const inside = [matchers, also].filter((one) => one !== '').join(', ');
  return `sum(increase(${REQUESTS}{${inside}}[${window}])${join === '' ? '' : ` ${join}`})`;
}

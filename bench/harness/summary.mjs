import { BASELINE, RIVALS, SUBJECT } from '../variants.mjs';

/** @typedef {{ median: number, min: number, max: number }} Spread */

/** @returns {Spread} */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** One row a variant; what is relative is relative to the same round, since the machine changes between rounds. */
export function rows(names, runs) {
  return names.map((variant) => {
    const own = runs.filter((run) => run.variant === variant);
    const of = (measure) => spread(own.map(measure));
    return {
      variant,
      rounds: own.length,
      requestsPerSecond: of((run) => run.requestsPerSecond),
      p50Ms: of((run) => run.p50Ms),
      p99Ms: of((run) => run.p99Ms),
      cpuUs: of((run) => run.cpuUs),
      ratio: of((run) => run.cpuUs / sameRound(runs, BASELINE, run).cpuUs),
      addedUs: of((run) => added(runs, run)),
      spanShare: own[0].spanShare === null ? null : of((run) => run.spanShare),
      spansPerRequest: own[0].spansPerRequest === null ? null : of((run) => run.spansPerRequest),
    };
  });
}

/** Added CPU of ours as a share of what a rival adds, for each rival that was measured. */
export function shares(names, runs) {
  if (!names.includes(SUBJECT)) return [];
  return RIVALS.filter((rival) => names.includes(rival)).map((rival) => {
    const pairs = runs
      .filter((run) => run.variant === SUBJECT)
      .map((run) => ({ ours: added(runs, run), theirs: added(runs, sameRound(runs, rival, run)) }));
    const measurable = pairs.every(({ theirs }) => theirs > 0);
    return { rival, share: measurable ? spread(pairs.map(({ ours, theirs }) => ours / theirs)) : null };
  });
}

const added = (runs, run) => run.cpuUs - sameRound(runs, BASELINE, run).cpuUs;
const sameRound = (runs, variant, { round }) => runs.find((run) => run.variant === variant && run.round === round);

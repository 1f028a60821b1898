import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { Sli } from '../objective.js';
import { isMeant, outcomesOf } from '../readings/routes.js';
import { added, type Outcomes } from '../readings/share.js';
import type { AlertSources } from '../readings/sources.js';

const ALL: Sli = { of: 'requests' };

/** What has counted since the start of the process, and which part of it was bad; `undefined` where nobody counts it. */
export function countsOf(sli: Sli = ALL, sources: AlertSources): Outcomes | undefined {
  switch (sli.of) {
    case 'requests': {
      const series = sources.requests?.().filter((one) => isMeant(one, sli.route));
      const { slowerThan } = sli;
      if (series === undefined) return undefined;
      if (slowerThan === undefined) return added(series.map(outcomesOf));
      return added(series.flatMap(({ durations }) => [...durations.values()].map((one) => slower(one, slowerThan))));
    }
    case 'dependency': {
      const series = sources.dependencies?.().filter(({ name }) => name === sli.name);
      return series && added(series.map(({ total, aborted, errors }) => ({ ended: total - aborted, bad: errors })));
    }
    case 'counters': {
      const [bad, ended] = [total(sli.bad, sources), total(sli.total, sources)];
      return bad === undefined || ended === undefined ? undefined : { ended, bad };
    }
  }
}

/** What is above the last boundary that is not above the limit counts as slow: rather one too many. */
function slower({ boundaries, counts, count }: CumulativeHistogram, seconds: number): Outcomes {
  let fast = 0;
  for (let i = 0; i < boundaries.length && (boundaries[i] as number) <= seconds; i++) fast += counts[i] as number;
  return { ended: count, bad: count - fast };
}

function total(name: string, { business }: AlertSources): number | undefined {
  const metric = business?.().find((one) => one.name === name && one.kind === 'counter');
  return metric?.series.reduce((sum, { value }) => sum + value, 0);
}

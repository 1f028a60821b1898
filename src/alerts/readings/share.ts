import type { Reading } from './reading.js';
import type { View } from './view.js';

/** Totals since the start, of what was not given up. */
export interface Outcomes {
  readonly ended: number;
  readonly bad: number;
}

type Share = Pick<Reading, 'value' | 'samples'>;

const NOTHING: Share = { value: null, samples: 0 };

/** The bad share over the rule's window, however long, from totals. */
export function shareOf(view: View, name: string, { ended, bad }: Outcomes): Share {
  const [all = 0, failed = 0] = view.increases(name, [ended, bad])?.amounts ?? [];
  return all === 0 ? NOTHING : { value: failed / all, samples: all };
}

export function added(all: readonly Outcomes[]): Outcomes {
  return all.reduce((sum, { ended, bad }) => ({ ended: sum.ended + ended, bad: sum.bad + bad }), { ended: 0, bad: 0 });
}

import type { DependencyRow } from '../../../api/dependencies.js';
import { errors, failing, figure } from '../columns.js';
import { age, count, percent, rate, seconds } from '../format.js';
import { empty, loaded, panel } from '../pieces.js';
import { type Column, table } from '../table.js';
import type { View } from '../view.js';

interface Answer {
  readonly dependencies: readonly DependencyRow[];
}

const columns: readonly Column<DependencyRow>[] = [
  { name: 'Name', by: ({ name }) => name, cell: ({ name }) => name },
  figure('calls/s', ({ perSecond }) => perSecond, rate),
  figure('p50', ({ p50 }) => p50, seconds),
  figure('p95', ({ p95 }) => p95, seconds),
  figure('p99', ({ p99 }) => p99, seconds),
  figure('Samples', ({ count: n }) => n, count),
  errors(({ byType }) =>
    Object.entries(byType)
      .map(([type, n]) => `${type}: ${n}`)
      .join(', '),
  ),
  figure('In flight', ({ inFlight }) => inFlight, count),
  { name: 'Also', cell: also },
];

export const dependencies: View = {
  title: 'Dependencies',
  asks: () => ['dependencies'],
  draw: (scene) =>
    loaded<Answer>(scene, 'dependencies', ({ dependencies: rows }) =>
      panel(
        'Dependencies',
        `what this process called in the last ${scene.snapshot.window} s`,
        rows.length === 0
          ? empty('No call has left this process yet.')
          : table(rows, {
              caption: 'Dependencies',
              key: ({ name }) => name,
              place: scene.place,
              sort: '-calls/s',
              mark: failing,
              columns,
            }),
      ),
    ),
};

/** What only some kinds of dependencies can tell. */
function also({ hitRatio, depth, oldestAge }: DependencyRow): string {
  return [
    hitRatio !== null && `hits ${percent(hitRatio)}`,
    depth !== null && `${count(depth)} wait`,
    oldestAge !== null && `oldest ${age(oldestAge * 1000)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

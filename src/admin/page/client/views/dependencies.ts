import type { DependencyRow } from '../../../api/dependencies.js';
import { h } from '../dom.js';
import { age, count, percent, rate, seconds } from '../format.js';
import { empty, loaded, panel } from '../pieces.js';
import { table } from '../table.js';
import type { View } from '../view.js';

interface Answer {
  readonly dependencies: readonly DependencyRow[];
}

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
              mark: ({ errorRatio }) => ((errorRatio ?? 0) > 0.05 ? 'failing' : ''),
              columns: [
                { name: 'Name', by: ({ name }) => name, cell: ({ name }) => name },
                {
                  name: 'calls/s',
                  number: true,
                  by: ({ perSecond }) => perSecond,
                  cell: ({ perSecond }) => rate(perSecond),
                },
                { name: 'p50', number: true, by: ({ p50 }) => p50, cell: ({ p50 }) => seconds(p50) },
                { name: 'p95', number: true, by: ({ p95 }) => p95, cell: ({ p95 }) => seconds(p95) },
                { name: 'p99', number: true, by: ({ p99 }) => p99, cell: ({ p99 }) => seconds(p99) },
                { name: 'Samples', number: true, by: ({ count: n }) => n, cell: ({ count: n }) => count(n) },
                {
                  name: 'Errors',
                  number: true,
                  by: ({ errorRatio }) => errorRatio,
                  cell: ({ errors, errorRatio, byType }) =>
                    h(
                      'span',
                      {
                        class: errors > 0 ? 'bad' : undefined,
                        title: Object.entries(byType)
                          .map(([type, n]) => `${type}: ${n}`)
                          .join(', '),
                      },
                      errors > 0 ? `${count(errors)} · ${percent(errorRatio)}` : '0',
                    ),
                },
                {
                  name: 'In flight',
                  number: true,
                  by: ({ inFlight }) => inFlight,
                  cell: ({ inFlight }) => count(inFlight),
                },
                {
                  name: 'Also',
                  cell: ({ hitRatio, depth, oldestAge }) =>
                    [
                      hitRatio !== null && `hits ${percent(hitRatio)}`,
                      depth !== null && `${count(depth)} wait`,
                      oldestAge !== null && `oldest ${age(oldestAge * 1000)}`,
                    ]
                      .filter(Boolean)
                      .join(', '),
                },
              ],
            }),
      ),
    ),
};

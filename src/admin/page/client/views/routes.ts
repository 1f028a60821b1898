import type { RouteRow } from '../../../figures.js';
import { errors, failing, figure, route } from '../columns.js';
import { h } from '../dom.js';
import { count, rate, seconds } from '../format.js';
import { empty, panel, search } from '../pieces.js';
import { choose } from '../route.js';
import { type Column, table } from '../table.js';
import type { View } from '../view.js';

const few = ({ count: n }: RouteRow): string => (n < 20 ? `${n} requests: percentiles need 20` : `of ${n} requests`);

const time = (name: 'p50' | 'p95' | 'p99'): Column<RouteRow> => ({
  name,
  number: true,
  title: 'a dash: fewer than 20 requests',
  by: (row) => row[name],
  cell: (row) => h('span', { title: few(row) }, seconds(row[name])),
});

const columns: readonly Column<RouteRow>[] = [
  route(),
  figure('req/s', ({ perSecond }) => perSecond, rate),
  time('p50'),
  time('p95'),
  time('p99'),
  figure('Samples', ({ count: n }) => n, count),
  errors(),
  figure('Aborted', ({ aborted }) => aborted, count),
  figure('Total', ({ total }) => total, count, { title: 'since the start' }),
];

/** Every route of the window. They are in the snapshot already. */
export const routes: View = {
  title: 'Routes',
  asks: () => [],
  draw: ({ snapshot, place }) => {
    const wanted = place.query.get('q') ?? '';
    const rows = snapshot.routes.filter(({ method, route }) =>
      `${method} ${route}`.toLowerCase().includes(wanted.toLowerCase()),
    );
    return panel(
      'Routes',
      `${rows.length} in the last ${snapshot.window} s`,
      h(
        'div',
        { class: 'filters' },
        search(wanted, (q) => choose(place, { q })),
      ),
      rows.length === 0
        ? empty('No route.')
        : table(rows, {
            caption: 'Routes',
            key: ({ method, route }) => `${method} ${route}`,
            place,
            sort: '-req/s',
            mark: failing,
            columns,
          }),
    );
  },
};

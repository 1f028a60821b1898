import type { RouteRow } from '../../../figures.js';
import { h } from '../dom.js';
import { count, percent, rate, seconds } from '../format.js';
import { chosen, empty, field, panel } from '../pieces.js';
import { choose, link } from '../route.js';
import { table } from '../table.js';
import type { View } from '../view.js';

const few = ({ count: n }: RouteRow): string => (n < 20 ? `${n} requests: percentiles need 20` : `of ${n} requests`);

/** Every route of the window. They are in the snapshot already. */
export const routes: View = {
  title: 'Routes',
  asks: () => [],
  draw: ({ snapshot, place }) => {
    const text = (place.query.get('q') ?? '').toLowerCase();
    const rows = snapshot.routes.filter(({ method, route }) => `${method} ${route}`.toLowerCase().includes(text));
    const time = (name: 'p50' | 'p95' | 'p99') => ({
      name,
      number: true,
      title: 'a dash: fewer than 20 requests',
      by: (row: RouteRow) => row[name],
      cell: (row: RouteRow) => h('span', { title: few(row) }, seconds(row[name])),
    });
    return panel(
      'Routes',
      `${rows.length} in the last ${snapshot.window} s`,
      h(
        'div',
        { class: 'filters' },
        field(
          'Search',
          h('input', {
            type: 'search',
            value: place.query.get('q') ?? '',
            on: { input: (event) => choose(place, { q: chosen(event) }) },
          }),
        ),
      ),
      rows.length === 0
        ? empty('No route.')
        : table(rows, {
            caption: 'Routes',
            key: ({ method, route }) => `${method} ${route}`,
            place,
            sort: '-req/s',
            mark: ({ errorRatio }) => ((errorRatio ?? 0) > 0.05 ? 'failing' : ''),
            columns: [
              {
                name: 'Route',
                by: ({ method, route }) => `${route} ${method}`,
                cell: ({ method, route }) =>
                  h(
                    'a',
                    { href: link('requests', '', { route: `${method} ${route}` }) },
                    h('b', {}, method),
                    ' ',
                    route,
                  ),
              },
              {
                name: 'req/s',
                number: true,
                by: ({ perSecond }) => perSecond,
                cell: ({ perSecond }) => rate(perSecond),
              },
              time('p50'),
              time('p95'),
              time('p99'),
              { name: 'Samples', number: true, by: ({ count: n }) => n, cell: ({ count: n }) => count(n) },
              {
                name: 'Errors',
                number: true,
                by: ({ errorRatio }) => errorRatio,
                cell: ({ errors, errorRatio }) =>
                  h(
                    'span',
                    { class: errors > 0 ? 'bad' : undefined },
                    errors > 0 ? `${count(errors)} · ${percent(errorRatio)}` : '0',
                  ),
              },
              { name: 'Aborted', number: true, by: ({ aborted }) => aborted, cell: ({ aborted }) => count(aborted) },
              {
                name: 'Total',
                title: 'since the start',
                number: true,
                by: ({ total }) => total,
                cell: ({ total }) => count(total),
              },
            ],
          }),
    );
  },
};

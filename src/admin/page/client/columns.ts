import type { RouteRow } from '../../figures.js';
import { h } from './dom.js';
import { count, percent } from './format.js';
import { link } from './route.js';
import type { Column } from './table.js';

interface Failing {
  readonly errors: number;
  readonly errorRatio: number | null;
}

/** A number that it is sorted by, and how it is written. */
export function figure<T, N extends number | null>(
  name: string,
  by: (row: T) => N,
  written: (value: N) => string,
  more: Pick<Column<T>, 'title'> = {},
): Column<T> {
  return { name, number: true, by, cell: (row) => written(by(row)), ...more };
}

export function route(): Column<RouteRow> {
  return {
    name: 'Route',
    by: ({ method, route }) => `${route} ${method}`,
    cell: ({ method, route }) =>
      h('a', { href: link('requests', '', { route: `${method} ${route}` }) }, h('b', {}, method), ' ', route),
  };
}

/** How many, and which share of all; `said` is for the pointer. */
export function errors<T extends Failing>(said: (row: T) => string | undefined = () => undefined): Column<T> {
  return {
    name: 'Errors',
    number: true,
    by: ({ errorRatio }) => errorRatio,
    cell: (row) =>
      h(
        'span',
        { class: row.errors > 0 ? 'bad' : undefined, title: said(row) },
        row.errors > 0 ? `${count(row.errors)} · ${percent(row.errorRatio)}` : '0',
      ),
  };
}

/** The mark of a row that needs a look. */
export function failing({ errorRatio }: Failing): string {
  return (errorRatio ?? 0) > 0.05 ? 'failing' : '';
}

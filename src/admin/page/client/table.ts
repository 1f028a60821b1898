import { type Child, h, type Piece } from './dom.js';
import { choose, type Place } from './route.js';

export interface Column<T> {
  readonly name: string;
  readonly title?: string;
  readonly number?: boolean;
  readonly cell: (row: T) => Child;
  /** What it is sorted by; `null` comes last. */
  readonly by?: (row: T) => number | string | null;
}

export interface TableOptions<T> {
  readonly caption: string;
  readonly key: (row: T) => string;
  readonly columns: readonly Column<T>[];
  /** `column` or `-column`, unless the address says otherwise. */
  readonly sort?: string;
  readonly place?: Place;
  readonly mark?: (row: T) => string;
}

/** Rows under headings that sort them. How they are sorted stands in the address. */
export function table<T>(rows: readonly T[], options: TableOptions<T>): Piece {
  const { caption, columns, key, place, mark } = options;
  const sort = place?.query.get('sort') ?? options.sort ?? '';
  const name = sort.replace(/^-/, '');
  const by = columns.find((column) => column.name === name)?.by;
  const sorted = by === undefined ? rows : [...rows].sort((a, b) => compared(by(a), by(b), sort.startsWith('-')));
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) => heading(column, sort, place)),
        ),
      ),
      h(
        'tbody',
        {},
        sorted.map((row) =>
          h(
            'tr',
            { key: key(row), class: mark?.(row) },
            columns.map((column, index) =>
              h(
                index === 0 ? 'th' : 'td',
                { class: column.number ? 'number' : undefined, scope: index === 0 ? 'row' : undefined },
                column.cell(row),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function heading<T>({ name, title, number, by }: Column<T>, sort: string, place: Place | undefined): Piece {
  const props = { scope: 'col', class: number ? 'number' : undefined, title };
  if (by === undefined || place === undefined) return h('th', props, name);
  const ascending = sort === name;
  const descending = sort === `-${name}`;
  const next = descending || (!ascending && number !== true) ? name : `-${name}`;
  return h(
    'th',
    { ...props, 'aria-sort': ascending ? 'ascending' : descending ? 'descending' : undefined },
    h(
      'button',
      { class: 'sort', on: { click: () => choose(place, { sort: next }) } },
      name,
      h('span', { 'aria-hidden': 'true' }, ascending ? ' ▲' : descending ? ' ▼' : ''),
    ),
  );
}

function compared(a: number | string | null, b: number | string | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

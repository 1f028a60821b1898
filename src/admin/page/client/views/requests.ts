import type { RequestRow, RequestsAnswer } from '../../../api/requests.js';
import { h, type Piece } from '../dom.js';
import { milliseconds } from '../format.js';
import { badge, chosen, empty, field, loaded, panel, when } from '../pieces.js';
import { choose, link, type Place } from '../route.js';
import { table } from '../table.js';
import type { Scene, View } from '../view.js';

const BECAUSE = { error: 'failed', slow: 'slow', sampled: 'sampled' } as const;

/** Kept traces; the filters stand in the address. */
export const requests: View = {
  title: 'Requests',
  asks: () => ['requests'],
  there: ({ has }) => has.traces,
  draw: (scene) =>
    loaded<RequestsAnswer>(scene, 'requests', ({ requests: all, kept }) => {
      const rows = all.filter((row) => passes(row, scene.place));
      return panel(
        'Requests',
        `${rows.length} of ${kept} kept: the failed, the slow, and a sample`,
        filters(scene.place),
        rows.length === 0
          ? empty(all.length === 0 ? 'No trace has been kept yet.' : 'No kept request passes these filters.')
          : requestList(rows, scene),
      );
    }),
};

function passes({ name, status, id, correlationId, because }: RequestRow, { query }: Place): boolean {
  const asked = (key: string): string => (query.get(key) ?? '').trim().toLowerCase();
  const code = String(status ?? '');
  const [wanted, why, needle] = [asked('status'), asked('because'), asked('id')];
  const byStatus = /^[1-5]xx$/.test(wanted) ? code.startsWith(wanted.charAt(0)) : code.startsWith(wanted);
  const byId = id.startsWith(needle) || (correlationId ?? '').toLowerCase().includes(needle);
  return byStatus && byId && (why === '' || because === why) && name.toLowerCase().includes(asked('route'));
}

function filters(place: Place): Piece {
  const input = (name: string, hint: string): Piece =>
    h('input', {
      type: 'search',
      placeholder: hint,
      value: place.query.get(name) ?? '',
      on: { input: (event) => choose(place, { [name]: chosen(event) }) },
    });
  return h(
    'div',
    { class: 'filters' },
    field('Route', input('route', 'GET /carts/:user')),
    field('Status', input('status', '5xx or 404')),
    field('Correlation or trace ID', input('id', 'begins with …')),
    field(
      'Kept because',
      h(
        'select',
        {
          value: place.query.get('because') ?? '',
          on: { change: (event) => choose(place, { because: chosen(event) }) },
        },
        h('option', { value: '' }, 'any reason'),
        Object.entries(BECAUSE).map(([value, text]) =>
          h('option', { value, selected: value === place.query.get('because') }, text),
        ),
      ),
    ),
  );
}

export function requestList(rows: readonly RequestRow[], scene: Scene): Piece {
  return table(rows, {
    caption: 'Kept requests',
    key: ({ id }) => id,
    mark: ({ failed }) => (failed ? 'failing' : ''),
    columns: [
      { name: 'Request', cell: ({ id, name }) => h('a', { href: link('request', id) }, name) },
      {
        name: 'Why',
        cell: ({ because, status }) =>
          badge(
            `${because === 'error' ? '✕ ' : because === 'slow' ? '◔ ' : ''}${BECAUSE[because]}${status === null ? '' : ` ${status}`}`,
            because,
          ),
      },
      { name: 'Took', number: true, cell: ({ ms }) => milliseconds(ms) },
      { name: 'When', number: true, cell: ({ started }) => when(started, scene) },
    ],
  });
}

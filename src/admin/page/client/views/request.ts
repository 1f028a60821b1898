import type { RequestAnswer } from '../../../api/request.js';
import { h, type Piece } from '../dom.js';
import { milliseconds } from '../format.js';
import { logLines } from '../log-lines.js';
import { badge, loaded, panel, when } from '../pieces.js';
import { link } from '../route.js';
import type { Scene, View } from '../view.js';
import { waterfall } from '../waterfall.js';

const path = (id: string): string => `request?id=${encodeURIComponent(id)}`;

/** One request: where its time went, and what was logged on the way. */
export const request: View = {
  title: 'Request',
  within: 'requests',
  asks: ({ of }) => [path(of)],
  draw: (scene) =>
    loaded<RequestAnswer>(scene, path(scene.place.of), ({ request: row, spans, lines }) => [
      heading(row, scene),
      panel('Waterfall', `${spans.length} ${spans.length === 1 ? 'span' : 'spans'}`, waterfall(spans, scene.place)),
      panel(
        'Log lines',
        lines.length === 0 ? '' : `${lines.length} of the same correlation ID`,
        lines.length === 0
          ? h('p', { class: 'empty' }, 'No line of this request is kept.')
          : logLines(lines, { base: row.started, place: scene.place }),
      ),
    ]),
};

function heading(
  { name, because, status, ms, started, correlationId, id }: RequestAnswer['request'],
  scene: Scene,
): Piece {
  return h(
    'div',
    { class: 'title' },
    h('p', {}, h('a', { href: link('requests') }, '← Requests')),
    h('h2', {}, name),
    h(
      'p',
      { class: 'facts' },
      badge(
        because === 'error'
          ? `✕ failed${status === null ? '' : ` ${status}`}`
          : `${because}${status === null ? '' : ` ${status}`}`,
        because,
      ),
      h('span', {}, milliseconds(ms)),
      when(started, scene),
      h('span', {}, 'correlation ID ', h('code', {}, correlationId ?? 'none')),
      h('span', {}, 'trace ', h('code', {}, id)),
    ),
  );
}

import { h, type Piece } from '../dom.js';
import { logLines } from '../log-lines.js';
import { chosen, empty, field, panel } from '../pieces.js';
import { choose } from '../route.js';
import type { Scene, View } from '../view.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const SHOWN = 500;
const AGAIN_MS = 300;

/** What is watched now, with which filter, and what has come. */
const watched: {
  source: EventSource | undefined;
  filter: string;
  lines: string[];
  lost: number;
  paused: boolean;
  state: string;
  /** Lines are drawn together, not one by one. */
  due: ReturnType<typeof setTimeout> | undefined;
} = {
  source: undefined,
  filter: '',
  lines: [],
  lost: 0,
  paused: false,
  state: '',
  due: undefined,
};

/** Log lines as they are written. */
export const log: View = {
  title: 'Log',
  asks: () => [],
  leave: close,
  draw: (scene) => {
    const { query } = scene.place;
    const [level, text] = [query.get('level') ?? 'trace', query.get('text') ?? ''];
    watch(new URLSearchParams({ level, text }).toString(), scene);
    return panel(
      'Live log',
      h(
        'span',
        { role: 'status' },
        watched.paused ? 'paused' : watched.state,
        watched.lost > 0 && `, ${watched.lost} lines lost on the way`,
      ),
      h(
        'div',
        { class: 'filters' },
        field(
          'From level',
          h(
            'select',
            { value: level, on: { change: (event) => choose(scene.place, { level: chosen(event) }) } },
            LEVELS.map((name) => h('option', { value: name, selected: name === level }, name)),
          ),
        ),
        field(
          'Holds',
          h('input', {
            type: 'search',
            value: text,
            placeholder: 'a word or an ID',
            on: { input: (event) => choose(scene.place, { text: chosen(event) }) },
          }),
        ),
        h(
          'button',
          { 'aria-pressed': String(watched.paused), on: { click: () => pause(scene) } },
          watched.paused ? 'Go on' : 'Pause',
        ),
        h('button', { on: { click: () => clear(scene) } }, 'Clear'),
      ),
      watched.lines.length === 0 ? empty('No line has come yet.') : tail(),
    );
  },
};

function tail(): Piece {
  return h(
    'div',
    { class: 'tail', tabindex: 0, role: 'log', 'aria-label': 'log lines', 'aria-live': 'off', drawn: stick },
    logLines(watched.lines, {}),
  );
}

/** Stays at the end, unless somebody has scrolled up to read. */
function stick(element: Element): void {
  const wasAtEnd = !(element instanceof HTMLElement) || element.dataset['up'] !== '1';
  if (wasAtEnd && !watched.paused) element.scrollTop = element.scrollHeight;
  if (element instanceof HTMLElement && element.onscroll === null) {
    element.onscroll = () => {
      element.dataset['up'] = element.scrollHeight - element.scrollTop - element.clientHeight > 40 ? '1' : '0';
    };
  }
}

function watch(filter: string, scene: Scene): void {
  if (watched.source !== undefined && watched.filter === filter) return;
  watched.source?.close();
  const source = new EventSource(`api/log?${filter}`);
  Object.assign(watched, { source, filter, lines: [], lost: 0, state: 'connecting' });
  const later = (): void => {
    watched.due ??= setTimeout(() => {
      watched.due = undefined;
      scene.redraw();
    }, AGAIN_MS);
  };
  source.onopen = () => {
    // A connection that broke and is made again brings the last lines once more.
    Object.assign(watched, { state: 'live', lines: [] });
    later();
  };
  source.onerror = () => {
    watched.state = 'not connected; trying again';
    later();
  };
  source.onmessage = ({ data }) => {
    if (watched.paused) return;
    watched.lines = [...watched.lines, String(data)].slice(-SHOWN);
    later();
  };
  source.addEventListener('lost', ({ data }) => {
    watched.lost += Number(data);
  });
}

function close(): void {
  watched.source?.close();
  watched.source = undefined;
}

function pause({ redraw }: Scene): void {
  watched.paused = !watched.paused;
  redraw();
}

function clear({ redraw }: Scene): void {
  watched.lines = [];
  redraw();
}

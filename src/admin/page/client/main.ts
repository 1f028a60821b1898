import type { Snapshot } from '../../api/snapshot.js';
import { Confirmation } from './confirm.js';
import { draw, h } from './dom.js';
import { frame } from './frame.js';
import { placeOf } from './route.js';
import { Store } from './store.js';
import type { Scene } from './view.js';
import { viewOf } from './views.js';

const EVERY_MS = 2000;

const page = document.getElementById('page') ?? document.body;
const store = new Store();
const confirmation = new Confirmation(redraw);
let turn: ReturnType<typeof setTimeout> | undefined;
let view = viewOf('');

function redraw(): void {
  const place = placeOf(location.hash);
  const snapshot = store.get<Snapshot>('snapshot');
  if (snapshot === undefined) {
    draw(page, [
      h(
        'p',
        { class: 'boot' },
        store.problem('snapshot') ??
          (store.lostMs === undefined ? 'Asking the service …' : 'The service does not answer.'),
      ),
    ]);
    return;
  }
  const scene: Scene = {
    store,
    place,
    snapshot,
    now: store.now(),
    redraw,
    confirm: (question) => confirmation.ask(question),
  };
  draw(page, frame(scene, view, confirmation.draw()));
}

/** Asks for what the view shows, then again: while somebody can see it. */
async function ask(): Promise<void> {
  clearTimeout(turn);
  turn = undefined;
  const place = placeOf(location.hash);
  await Promise.all(['snapshot', ...view.asks(place)].map((path) => store.ask(path)));
  redraw();
  if (!document.hidden) turn ??= setTimeout(() => void ask(), EVERY_MS);
}

function moved(): void {
  const next = viewOf(placeOf(location.hash).view);
  const isNew = next !== view;
  if (isNew) view.leave?.();
  view = next;
  redraw();
  if (isNew) {
    scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
    document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }
  void ask();
}

addEventListener('hashchange', moved);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void ask();
});
view = viewOf(placeOf(location.hash).view);
void ask();

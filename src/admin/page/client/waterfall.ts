import type { SpanRow } from '../../api/request.js';
import { type Child, h, type Piece } from './dom.js';
import { milliseconds } from './format.js';
import { choose, type Place } from './route.js';

interface Branch {
  readonly span: SpanRow;
  readonly depth: number;
}

const PALETTE = 6;

/** Spans as bars on one axis of time, each below what called it. A span opens to show its attributes; which is open stands in the address. */
export function waterfall(spans: readonly SpanRow[], place: Place): Piece {
  const end = Math.max(0.001, ...spans.map(({ start, ms }) => start + ms));
  const services = [...new Set(spans.map(({ service }) => service))];
  const open = place.query.get('span') ?? defaultOf(spans);
  return h(
    'div',
    { class: 'waterfall' },
    services.length > 1 &&
      h(
        'p',
        { class: 'legend' },
        services.map((service, index) => h('span', { class: `key s${index % PALETTE}` }, service)),
      ),
    h(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      [0, 0.25, 0.5, 0.75, 1].map((share) =>
        h('span', { css: { left: `${share * 100}%` } }, milliseconds(share * end)),
      ),
    ),
    h(
      'ol',
      {},
      tree(spans).map((branch) =>
        row(branch, { end, open, place, colour: services.indexOf(branch.span.service) % PALETTE }),
      ),
    ),
  );
}

/** The first that failed and has nothing below it that did: where it began. */
function defaultOf(spans: readonly SpanRow[]): string {
  const failed = spans.filter((span) => span.failed);
  const cause = failed.find(({ id }) => !failed.some(({ parent }) => parent === id));
  return cause?.id ?? '';
}

interface Drawing {
  readonly end: number;
  readonly open: string;
  readonly place: Place;
  readonly colour: number;
}

function row({ span, depth }: Branch, { end, open, place, colour }: Drawing): Piece {
  const isOpen = span.id === open;
  const left = Math.min(99.5, (span.start / end) * 100);
  return h(
    'li',
    { key: span.id, class: `span${span.failed ? ' failed' : ''}${isOpen ? ' open' : ''}` },
    h(
      'button',
      {
        class: 'bar-row',
        'aria-expanded': String(isOpen),
        on: { click: () => choose(place, { span: isOpen ? 'none' : span.id }) },
      },
      h(
        'span',
        { class: 'what', css: { 'padding-left': `${Math.min(depth, 12) * 0.9}rem` } },
        span.failed &&
          h(
            'span',
            { class: 'sign' },
            h('span', { 'aria-hidden': 'true' }, '✕ '),
            h('span', { class: 'unseen' }, 'failed '),
          ),
        h('b', {}, span.name),
        h('span', { class: 'service' }, [peerOf(span), span.service].filter(Boolean).join(' · ')),
        h('span', { class: 'unseen' }, ` ${span.kind}, begins at ${milliseconds(span.start)}, takes `),
      ),
      h(
        'span',
        { class: 'track' },
        h('span', {
          class: `bar s${colour}`,
          css: { left: `${left}%`, width: `${Math.min(100 - left, (span.ms / end) * 100)}%` },
        }),
        h(
          'span',
          {
            class: 'took',
            css:
              left > 60
                ? { right: `${100 - left}%`, left: 'auto' }
                : {
                    left: `${Math.min(100, left + (span.ms / end) * 100) > 82 ? left : left + (span.ms / end) * 100}%`,
                    right: 'auto',
                  },
          },
          milliseconds(span.ms),
        ),
      ),
    ),
    isOpen && details(span),
  );
}

function details({ message, attributes, events, kind, id }: SpanRow): Child {
  return h(
    'div',
    { class: 'details' },
    message !== null && h('p', { class: 'problem' }, message),
    h('dl', { class: 'pairs' }, pairs([['kind', kind], ['span ID', id], ...attributes])),
    events.map(({ at, name, attributes: given }) => [
      h('h3', {}, `${name} at ${milliseconds(at)}`),
      h('dl', { class: 'pairs' }, pairs(given)),
    ]),
  );
}

export function pairs(all: readonly (readonly [string, string])[]): Piece[] {
  return all.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
}

/** What a call went to: its name is often the method alone. */
function peerOf({ kind, attributes }: SpanRow): string {
  if (kind !== 'client') return '';
  const given = new Map(attributes);
  const url = given.get('url.full') ?? '';
  if (URL.canParse(url)) return `${new URL(url).host}${new URL(url).pathname}`;
  return given.get('server.address') ?? given.get('db.system.name') ?? '';
}

/** Depth first; a span whose parent is not here is a root. */
function tree(spans: readonly SpanRow[]): Branch[] {
  const ids = new Set(spans.map(({ id }) => id));
  const children = new Map<string, SpanRow[]>();
  for (const span of spans) {
    const parent = span.parent !== null && ids.has(span.parent) && span.parent !== span.id ? span.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const all: Branch[] = [];
  const seen = new Set<string>();
  const visit = (parent: string, depth: number): void => {
    for (const span of children.get(parent) ?? []) {
      if (seen.has(span.id)) continue;
      seen.add(span.id);
      all.push({ span, depth });
      visit(span.id, depth + 1);
    }
  };
  visit('', 0);
  for (const span of spans) if (!seen.has(span.id)) all.push({ span, depth: 0 }); // a ring of parents, which somebody may send
  return all;
}

import { shortened } from './paint.mjs';

/** @typedef {import('./trace-store.mjs').Span} Span */
/** @typedef {import('./paint.mjs').Palette} Palette */

const LABEL_WIDTH = 42;
const TIME_WIDTH = 8;
const BAR_WIDTH = 34;
/** OTLP's kinds. */
const SERVER = 2;
const CLIENT = 3;

/**
 * A trace as lines of text: the tree of its spans with a bar for when each ran. The call of one service and the request
 * it became in the next are one line.
 * @param {readonly Span[]} spans
 * @param {Palette} paint
 */
export function waterfall(spans, paint) {
  const children = childrenOf(spans);
  const ids = new Set(spans.map(({ id }) => id));
  const roots = spans.filter(({ parent }) => parent === undefined || !ids.has(parent));
  if (roots.length === 0) return [];
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const scale = BAR_WIDTH / Math.max(1, Math.max(...spans.map((span) => span.endMs)) - startMs);
  const rows = roots.flatMap((root) => rowsOf(root, children, { own: '', below: '' }));
  const slowest = slowestOf(
    rows.map(({ span }) => span),
    children,
  );
  return rows.map(({ span, prefix }) => row(span, { prefix, startMs, scale, isSlowest: span === slowest, paint }));
}

/** Spans by their parent, in the order in which they began. */
function childrenOf(spans) {
  const children = Map.groupBy === undefined ? grouped(spans) : Map.groupBy(spans, ({ parent }) => parent);
  for (const list of children.values()) list.sort((a, b) => a.startMs - b.startMs);
  return children;
}

function grouped(spans) {
  const groups = new Map();
  for (const span of spans) groups.set(span.parent, [...(groups.get(span.parent) ?? []), span]);
  return groups;
}

function rowsOf(span, children, { own, below }) {
  const shown = merged(span, children);
  const under = children.get(shown.id) ?? [];
  return [
    { span: shown, prefix: own },
    ...under.flatMap((child, index) => {
      const last = index === under.length - 1;
      return rowsOf(child, children, {
        own: `${below}${last ? '└─ ' : '├─ '}`,
        below: `${below}${last ? '   ' : '│  '}`,
      });
    }),
  ];
}

/** The request that a call became, where the other side has told of it; a call that nobody answered stands for itself. */
function merged(span, children) {
  const answers = children.get(span.id) ?? [];
  const [answer] = answers;
  return span.kind === CLIENT && answers.length === 1 && answer.kind === SERVER ? answer : span;
}

/** The longest of those that did the work themselves. */
function slowestOf(spans, children) {
  const leaves = spans.filter(({ id }) => !children.has(id));
  return leaves.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0];
}

function row(span, { prefix, startMs, scale, isSlowest, paint }) {
  const label = shortened(`${prefix}${labelOf(span)}`, LABEL_WIDTH).padEnd(LABEL_WIDTH);
  const time = `${(span.endMs - span.startMs).toFixed(span.endMs - span.startMs < 10 ? 1 : 0)} ms`.padStart(TIME_WIDTH);
  const offset = Math.min(BAR_WIDTH - 1, Math.floor((span.startMs - startMs) * scale));
  const length = Math.max(1, Math.min(BAR_WIDTH - offset, Math.round((span.endMs - span.startMs) * scale)));
  const bar = `${' '.repeat(offset)}${'█'.repeat(length)}`;
  const marks = [span.failed ? '<- failed' : '', isSlowest && !span.failed ? '<- slowest' : ''].join('');
  const text = `${label}${time} ${mark(bar, marks)}`.trimEnd();
  if (span.failed) return paint.red(text);
  return isSlowest ? paint.yellow(text) : text;
}

function mark(bar, marks) {
  return marks === '' ? bar : `${bar} ${marks}`;
}

/** A database or a cache has no process of its own here: it is named by what it is. */
function labelOf({ service, name, attributes }) {
  const status = attributes['http.response.status_code'];
  const failed = Number(status) >= 500 ? ` ${status}` : '';
  return `${attributes['db.system.name'] ?? service} ${name}${failed}`;
}

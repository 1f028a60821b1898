import { RESERVED } from '../../../logs/reserved.js';
import { h, type Piece } from './dom.js';
import { clockTime, milliseconds } from './format.js';
import { choose, link, type Place } from './route.js';

const SIGNS: Readonly<Record<string, string>> = { warn: '!', error: '✕', fatal: '✕' };

interface Options {
  /** Epoch ms from which times are counted; without it the time of day is shown. */
  readonly base?: number;
  /** Of a request: lines point at their spans. Else they point at their request. */
  readonly place?: Place;
}

/** `of`: whether it is said whose each line is. */
interface Shown extends Options {
  readonly of: boolean;
}

type Line = Readonly<Record<string, unknown>>;

/** Log lines for reading: what is the same in all of them is left out. */
export function logLines(lines: readonly string[], options: Options): Piece {
  const read = lines.map((text) => [text, parsed(text)] as const);
  const of = new Set(read.map(([, line]) => line?.['service'])).size > 1;
  return h(
    'ol',
    { class: 'lines' },
    read.map(([text, line]) => lineOf(text, line, { ...options, of })),
  );
}

function lineOf(text: string, line: Line | undefined, { base, place, of }: Shown): Piece {
  if (line === undefined) return h('li', { class: 'line' }, h('code', {}, text));
  const level = String(line['level'] ?? '');
  const at = Date.parse(String(line['timestamp'] ?? ''));
  const time = Number.isNaN(at) ? '' : base === undefined ? clockTime(at) : `+${milliseconds(Math.max(0, at - base))}`;
  const fields = Object.entries(line).filter(([name]) => !RESERVED.has(name));
  const [trace, span] = [line['trace_id'], line['span_id']];
  return h(
    'li',
    { class: `line ${level}` },
    h('time', { title: String(line['timestamp'] ?? '') }, time),
    h('span', { class: 'level' }, SIGNS[level] === undefined ? '' : `${SIGNS[level]} `, level),
    h(
      'span',
      { class: 'said' },
      of && h('span', { class: 'pair' }, String(line['service'] ?? '')),
      h('b', {}, String(line['event'] ?? '')),
      fields.map(([name, value]) => h('span', { class: 'pair' }, h('i', {}, `${name}=`), short(value))),
    ),
    place !== undefined && typeof span === 'string'
      ? h('button', { class: 'quiet', on: { click: () => choose(place, { span }) } }, 'span')
      : base === undefined && typeof trace === 'string' && h('a', { href: link('request', trace) }, 'request'),
  );
}

/** An error is told by its stack, which has line breaks. */
function short(value: unknown): string {
  const stack = isLine(value) ? value['stack'] : undefined;
  const text = typeof stack === 'string' ? stack : typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

function parsed(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

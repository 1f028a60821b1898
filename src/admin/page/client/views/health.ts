import type { SourceState } from '../../../../flags/sources/freshness.js';
import { h, type Piece } from '../dom.js';
import { age, bytes, count } from '../format.js';
import { empty, loaded, panel } from '../pieces.js';
import type { View } from '../view.js';
import { pairs } from '../waterfall.js';

interface Answer {
  readonly drops: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly spans: {
    readonly ended: number;
    readonly delivered: number;
    readonly queued: number;
    readonly dropped: Readonly<Record<string, number>>;
  };
  readonly lines: { readonly written: number; readonly dropped: number; readonly pending: number };
  readonly flags: {
    readonly status: string;
    readonly source: string;
    readonly rejected: number;
    readonly sources: readonly SourceState[];
  };
  readonly memory: { readonly rss: number; readonly heapUsed: number; readonly external: number };
  readonly tail: { readonly readers: number };
  readonly bounds: Readonly<Record<string, string>>;
}

/** How the library itself is. */
export const health: View = {
  title: 'Own health',
  asks: () => ['health'],
  draw: (scene) =>
    loaded<Answer>(scene, 'health', (all) =>
      h(
        'div',
        { class: 'two tops' },
        panel('Dropped', 'counted since the start', dropped(all.drops)),
        panel('Queues', '', h('dl', { class: 'pairs' }, pairs(queues(all)))),
        panel('Flags', `${all.flags.status}, ${all.flags.rejected} rejected`, sources(all.flags.sources)),
        panel('Bounds', 'what is kept at the most', h('dl', { class: 'pairs' }, pairs(Object.entries(all.bounds)))),
      ),
    ),
};

function dropped(drops: Answer['drops']): Piece {
  const rows = Object.entries(drops).flatMap(([signal, reasons]) =>
    Object.entries(reasons).map(([reason, n]) => [`${signal}: ${reason}`, count(n)] as const),
  );
  return rows.length === 0 ? empty('✓ Nothing has been dropped.') : h('dl', { class: 'pairs' }, pairs(rows));
}

function queues({ spans, lines, memory, tail }: Answer): (readonly [string, string])[] {
  return [
    ['spans ended', count(spans.ended)],
    ['spans delivered', count(spans.delivered)],
    ['spans waiting', count(spans.queued)],
    ...Object.entries(spans.dropped).map(([reason, n]) => [`spans not sent: ${reason}`, count(n)] as const),
    ['log lines written', count(lines.written)],
    ['log lines waiting', count(lines.pending)],
    ['log lines dropped', count(lines.dropped)],
    ['readers of the log', count(tail.readers)],
    ['memory of the process', bytes(memory.rss)],
    ['heap in use', bytes(memory.heapUsed)],
  ];
}

function sources(all: readonly SourceState[]): Piece {
  if (all.length === 0) return empty('No source.');
  return h(
    'dl',
    { class: 'pairs' },
    pairs(
      all.map(
        ({ source, ageSeconds, applied, refused, failed, failure }) =>
          [
            source,
            `${ageSeconds === null ? 'never heard' : `fresh ${age(ageSeconds * 1000)} ago`}; ${applied} applied, ${refused} refused, ${failed} failed${failure === null ? '' : `: ${failure}`}`,
          ] as const,
      ),
    ),
  );
}

import { HTTP_STATUS } from '../../core/attributes.js';
import type { FinishedSpan } from '../../traces/export/finished-span.js';
import type { KeptTrace } from '../../traces/kept.js';
import { absent, type Resource, type Stamped } from './resource.js';
import type { AdminSources } from './sources.js';

export interface RequestRow {
  readonly id: string;
  readonly correlationId: string | null;
  readonly because: 'error' | 'slow' | 'sampled';
  readonly name: string;
  readonly status: number | null;
  readonly failed: boolean;
  /** Epoch ms. */
  readonly started: number;
  readonly ms: number;
  readonly spans: number;
  readonly lines: number;
}

export interface RequestsAnswer extends Stamped {
  /** Of all that are kept, before any filter. */
  readonly kept: number;
  readonly requests: readonly RequestRow[];
}

const SERVER = 1;
const RANKS = { error: 0, slow: 1, sampled: 2 } as const;

/** Kept traces, failed ones first, then slow ones. `route`, `status` (`5xx`, `404`), `id` (correlation or trace) narrow it down. */
export function requests({ kept }: AdminSources): Resource {
  if (kept === undefined) return absent('traces are off: observe({ traces: {} }) turns them on');
  return {
    read: (query, since = 0) => {
      const all = kept.list();
      const asked = {
        route: query.get('route')?.toLowerCase() ?? '',
        status: query.get('status')?.toLowerCase() ?? '',
        id: query.get('id')?.toLowerCase() ?? '',
      };
      const found = all
        .filter(({ revision }) => revision > since)
        .map(requestRow)
        .filter((row) => matches(row, asked))
        .sort((a, b) => RANKS[a.because] - RANKS[b.because] || b.started - a.started);
      return { at: kept.revision, kept: all.length, requests: found };
    },
  };
}

export function requestRow(trace: KeptTrace): RequestRow {
  const { traceId, correlationId, because, failed, startedMs, durationMs, spans, lines } = trace;
  const entry = entryOf(trace);
  const status = entry?.attributes[HTTP_STATUS];
  return {
    id: traceId,
    correlationId: correlationId ?? null,
    because,
    name: entry?.name ?? trace.name,
    status: typeof status === 'number' ? status : null,
    failed: failed || because === 'error',
    started: Math.round(startedMs),
    ms: Number(durationMs.toPrecision(4)),
    spans: spans.length,
    lines: lines.length,
  };
}

/** What people know a trace by: the first request that came in, though a job or a call may stand above it. */
function entryOf({ spans, name }: KeptTrace): FinishedSpan | undefined {
  const servers = spans.filter(({ kind }) => kind === SERVER);
  const [first] = servers.sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
  return first ?? spans.find((span) => span.name === name);
}

function matches(
  { name, status, correlationId, id }: RequestRow,
  asked: { readonly route: string; readonly status: string; readonly id: string },
): boolean {
  const code = String(status ?? '');
  const byStatus = /^[1-5]xx$/.test(asked.status)
    ? code.startsWith(asked.status.charAt(0))
    : code.startsWith(asked.status);
  const byId = id.startsWith(asked.id) || (correlationId ?? '').toLowerCase().includes(asked.id);
  return byStatus && byId && name.toLowerCase().includes(asked.route);
}

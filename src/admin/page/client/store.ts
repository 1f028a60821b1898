import { systemClock } from '../../../core/clock.js';
import type { HistoryAnswer } from '../../api/history.js';
import type { RequestRow, RequestsAnswer } from '../../api/requests.js';
import type { Snapshot } from '../../api/snapshot.js';

/** What the API has said, by path and query. */
interface Known {
  at: number;
  data: unknown;
  problem: string | undefined;
}

const SHELVES = { error: 100, slow: 60, sampled: 40 } as const;
const HISTORY_MS = 15 * 60_000;

/** How what is newer joins what is known; without one it takes its place. */
const joins: Readonly<Record<string, (old: never, news: never) => unknown>> = {
  history: (old: HistoryAnswer, news: HistoryAnswer): HistoryAnswer => ({
    ...news,
    samples: [...old.samples, ...news.samples].filter(([at]) => at > news.at - HISTORY_MS),
    markers: [...old.markers, ...news.markers].slice(-100),
  }),
  requests: (old: RequestsAnswer, news: RequestsAnswer): RequestsAnswer => ({
    ...news,
    requests: (['error', 'slow', 'sampled'] as const).flatMap((shelf) => shelved(old, news, shelf)),
  }),
};

function shelved(old: RequestsAnswer, news: RequestsAnswer, shelf: RequestRow['because']): RequestRow[] {
  const all = new Map([...old.requests, ...news.requests].map((row) => [row.id, row]));
  return [...all.values()]
    .filter(({ because }) => because === shelf)
    .sort((a, b) => b.started - a.started)
    .slice(0, SHELVES[shelf]);
}

/** Asks the service, keeps what it said, and knows what time it is there. */
export class Store {
  readonly #known = new Map<string, Known>();
  /** Since when the service does not answer, by our monotonic clock. */
  lostMs: number | undefined;
  #offsetMs = systemClock.now() - systemClock.monotonic();

  /** The service's time, epoch ms. */
  now(): number {
    return this.#offsetMs + systemClock.monotonic();
  }

  get<T>(path: string): T | undefined {
    return this.#known.get(path)?.data as T | undefined; // each path has one shape, given by the resource that serves it
  }

  /** Why there is nothing, in the service's words. */
  problem(path: string): string | undefined {
    return this.#known.get(path)?.problem;
  }

  async ask(path: string): Promise<void> {
    const known = this.#known.get(path);
    const [name = ''] = path.split('?');
    const since = known?.data === undefined ? '' : `${path.includes('?') ? '&' : '?'}since=${known.at}`;
    let response: Response;
    try {
      response = await fetch(`api/${path}${since}`, { headers: { accept: 'application/json' } });
    } catch {
      this.lostMs ??= systemClock.monotonic();
      return;
    }
    this.lostMs = undefined;
    if (response.status === 204) return;
    if (response.status === 401) return location.reload();
    const body = await response.json().catch(() => ({ error: `the service answered ${response.status}` }));
    const problem = response.ok ? body.absent : (body.error ?? `the service answered ${response.status}`);
    if (problem !== undefined) {
      this.#known.set(path, { at: 0, data: undefined, problem: String(problem) });
      return;
    }
    if (name === 'snapshot') this.#offsetMs = (body as Snapshot).at - systemClock.monotonic();
    const join = known?.data === undefined ? undefined : joins[name];
    const data = join === undefined ? body : join(known?.data as never, body as never);
    this.#known.set(path, { at: body.at, data, problem: undefined });
    if (this.#known.size > 60) this.#forget(path);
  }

  /** Asks for a change. Answers with what was wrong with it. */
  async change(resource: string, wish: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    try {
      const response = await fetch(`api/${resource}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-fourlights-change': '1' },
        body: JSON.stringify(wish),
      });
      if (response.ok) return undefined;
      const { error } = await response.json();
      return String(error);
    } catch {
      return 'the service does not answer';
    }
  }

  #forget(but: string): void {
    for (const path of this.#known.keys()) {
      if (path === but || path === 'snapshot' || path === 'history') continue;
      this.#known.delete(path);
      return;
    }
  }
}

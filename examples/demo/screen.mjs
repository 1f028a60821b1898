import { DOOR, SERVICES } from './flow.mjs';
import { journey, pick } from './journey.mjs';
import { palette } from './paint.mjs';
import { LEGEND, table } from './table.mjs';
import { waterfall } from './waterfall.mjs';

/** What the demo shows on standard output, and what it complains of on standard error. */
export class Screen {
  #services;
  #store;
  #traces;
  #paint = palette(process.stdout, process.env);
  #shown = new Set();
  #tableMs = 0;

  /**
   * @param {{ services: import('./processes.mjs').Services, store: import('./log-store.mjs').LogStore,
   *   traces: import('./trace-store.mjs').TraceStore }} sources
   */
  constructor({ services, store, traces }) {
    this.#services = services;
    this.#store = store;
    this.#traces = traces;
  }

  say(...lines) {
    process.stdout.write(`${lines.join('\n')}\n`);
  }

  complain(message) {
    process.stderr.write(`${message}\n`);
  }

  /** @param {readonly { service: string, pid: number, url: string, pageUrl: string | undefined }[]} started */
  started(started) {
    const lines = started.map(
      ({ service, pid, url }) => `  ${service.padEnd(15)}  pid ${String(pid).padEnd(7)}  ${url}`,
    );
    const pages = started.flatMap(({ pageUrl }) => (pageUrl === undefined ? [] : [`  ${pageUrl}`]));
    this.say(...lines, '', 'The status page, with the traces of all five:', ...pages, '', LEGEND);
  }

  /** @param {{ loadBeganMs: number, unlessWithinMs?: number }} options `unlessWithinMs`: of the table before */
  table({ loadBeganMs, unlessWithinMs = 0 }) {
    const nowMs = Date.now();
    if (nowMs - this.#tableMs < unlessWithinMs) return;
    this.#tableMs = nowMs;
    const rows = SERVICES.flatMap((service) => {
      const latest = this.#services.latest.get(service);
      if (latest === undefined) return [];
      return [{ service, signals: latest.signals, loadSeconds: (latest.atMs - loadBeganMs) / 1000 }];
    });
    this.say('', ...table(rows, this.#paint));
  }

  /** A slow and a failed request that have not been shown yet. `ended`: no more lines will come. */
  journeys({ ended }) {
    const nowMs = ended ? Number.POSITIVE_INFINITY : Date.now();
    const { slow, failed } = pick(this.#store, { door: DOOR, skip: this.#shown, nowMs });
    for (const id of [slow, failed]) {
      if (id === undefined) continue;
      this.#shown.add(id);
      const lines = this.#store.linesOf(id);
      this.say('', ...journey(lines, { door: DOOR, paint: this.#paint }));
      const [{ trace_id: traceId }] = lines;
      const spans = waterfall(this.#traces.of(traceId), this.#paint);
      if (spans.length > 0) this.say('', this.#paint.bold(`The same request as a trace, ${traceId}`), ...spans);
    }
  }
}

import cluster from 'node:cluster';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isMainThread } from 'node:worker_threads';
import { histogramDefaults } from '../signals/cumulative.js';
import { toPrimary } from './cluster/link.js';
import { PrimaryMetrics } from './cluster/primary.js';
import { ThreadMetrics, ToMainThread } from './cluster/threads.js';
import { WorkerMetrics } from './cluster/worker.js';
import { allFamilies } from './collectors.js';
import { Exposition, type Rendered } from './exposition.js';
import type { Collector, Family, Labels } from './family.js';
import { metricsHandler } from './handler.js';
import type { Included } from './include/included.js';
import { collectIncluded, included } from './include/sources.js';
import { merged } from './merge.js';
import { MetricsPush } from './otlp/push.js';
import type { PushSettings } from './otlp/settings.js';
import type { MetricSources } from './sources.js';

export interface MetricsOptions {
  readonly sources: MetricSources;
  /** A prom-client Registry, an OpenTelemetry MetricReader, or an array of them. */
  readonly include?: unknown;
  /** Of one text. @default 4 MB */
  readonly maxBytes?: number | undefined;
  /** Where to push to over OTLP, and as whom. @default nowhere */
  readonly push?: PushSettings | undefined;
  readonly resource?: Labels | undefined;
  readonly scope?: { readonly name: string; readonly version: string } | undefined;
  /** Between two reports of a cluster's worker or of a thread, ms. @default 5000 */
  readonly reportMs?: number | undefined;
}

/**
 * All metrics of the process, of its threads and of its cluster: read when they are asked for, from plain numbers. Nothing runs before
 * `start`. Throws when built: for an `include` that is of no known kind.
 */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #included: readonly Included[];
  readonly #own: Collector;
  readonly #exposition: Exposition;
  readonly #threads: ThreadMetrics | undefined;
  readonly #primary: PrimaryMetrics | undefined;
  readonly #worker: WorkerMetrics | undefined;
  readonly #push: MetricsPush | undefined;
  /** What the included ones last had: a report cannot wait for them. */
  #lastIncluded: readonly Family[] = [];

  constructor(options: MetricsOptions) {
    const { sources, maxBytes, reportMs, push, resource = {}, scope = { name: 'fourlights', version: '' } } = options;
    const { clock } = sources;
    this.#options = options;
    this.#included = included(options.include);
    this.#own = allFamilies(sources);
    this.#exposition = new Exposition({ clock, maxBytes, families: () => this.#families() });
    const reporting = { clock, refresh: () => this.#refresh(), intervalMs: reportMs };
    if (!isMainThread) {
      const families = (): Family[] => this.#ofThisThread().filter(({ processWide }) => processWide !== true);
      this.#worker = new WorkerMetrics({ ...reporting, link: new ToMainThread(), families });
    } else {
      this.#threads = new ThreadMetrics(clock, (asked) => this.render(asked));
      const families = (): readonly Family[] => this.#ofThisProcess();
      if (cluster.isPrimary) this.#primary = new PrimaryMetrics(clock, (asked) => this.#exposition.render(asked));
      else this.#worker = new WorkerMetrics({ ...reporting, link: toPrimary, families });
    }
    if (push !== undefined) {
      histogramDefaults.exponential = push.histograms === 'exponential';
      this.#push = new MetricsPush(push, { clock, resource, scope, families: () => this.#pushed() });
    }
  }

  start(): void {
    this.#threads?.start();
    this.#primary?.start();
    this.#worker?.start();
    this.#push?.start();
  }

  /** The last report and the last push, within that time. */
  async stop(timeoutMs: number): Promise<void> {
    this.#worker?.stop();
    await this.#push?.stop(timeoutMs);
    this.#primary?.stop();
    this.#threads?.stop();
    if (this.#push !== undefined) histogramDefaults.exponential = false;
  }

  /** The text in the format that `accept` asks for. Rejects when the primary of a cluster, or the main thread, does not answer. */
  readonly render = (asked: { readonly accept?: string | undefined } = {}): Promise<Rendered> =>
    this.#worker?.collected ? this.#worker.render(asked) : this.#exposition.render(asked);

  /** For a plain `http` server: answers GET and HEAD. */
  get handler(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
    return metricsHandler(this.render);
  }

  async #families(): Promise<readonly Family[]> {
    await this.#refresh();
    const own = this.#ofThisProcess();
    return this.#primary?.families(own) ?? own;
  }

  async #refresh(): Promise<void> {
    if (this.#included.length === 0) return;
    this.#lastIncluded = await collectIncluded(this.#included, this.#options.sources.clock);
  }

  #ofThisProcess(): readonly Family[] {
    const own = this.#ofThisThread();
    return this.#threads?.families(own) ?? own;
  }

  #ofThisThread(): Family[] {
    return merged([...this.#own(), ...this.#lastIncluded]);
  }

  /** Without what is included, which has a push of its own. What a thread has is in the push of its main thread. */
  #pushed(): readonly Family[] {
    if (!isMainThread && this.#worker?.collected) return [];
    const own = merged(this.#own());
    const included = new Set(this.#lastIncluded.map(({ name }) => name));
    return this.#threads?.families(own).filter(({ name }) => !included.has(name)) ?? own;
  }
}

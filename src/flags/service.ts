import { atOnce } from '../core/at-once.js';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { guard } from '../core/guard.js';
import { Feed, type FeedOwner } from './feed.js';
import type { FlagSet } from './flag-set.js';
import { type EvaluatingSource, evaluates, kills, type Source, type Standing } from './source.js';
import { Freshness, type SourceState } from './sources/freshness.js';

/** Where the flags in force come from: a live source, the backup, the bootstrap, or nowhere: then every fallback serves. */
export type FlagsStatus = Standing | 'defaults';

interface ServiceOptions {
  readonly clock: Clock;
  /** A source's document was taken over, whether or not it serves. */
  readonly applied: (text: string, source: Source) => void;
  readonly serves: (set: FlagSet) => void;
  readonly kill: (key: string, reason: string) => void;
}

/** The sources in order: the first that has a good document serves it, and a better one takes over when it has one. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #feeds: Feed[] = [];
  readonly #freshness: Freshness;
  readonly #waiting = new Set<() => void>();
  #serving: Feed | undefined;
  /** Asked before the document that serves, and after it. */
  before: readonly EvaluatingSource[] = [];
  after: readonly EvaluatingSource[] = [];

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#freshness = new Freshness(options.clock);
  }

  start(sources: readonly Source[], allowMassRemoval: boolean): void {
    const owner: FeedOwner = {
      applied: (feed, text) => this.#applied(feed, text),
      broken: (set) => this.#serving === undefined && this.#options.serves(set),
      alive: () => this.#wake(),
    };
    for (const source of sources) this.#feeds.push(new Feed(source, allowMassRemoval, owner));
    this.#arrange();
    for (const feed of this.#feeds) {
      const { source } = feed;
      guard(`start of flags ${source.name}`, () => source.start(this.#freshness.watch(source, feed)));
      if (kills(source)) {
        guard(`kills of flags ${source.name}`, () => {
          for (const key of atOnce(`kills of flags ${source.name}`, source.off()) ?? [])
            this.#options.kill(key, `off by ${source.name}`);
        });
      }
    }
  }

  get status(): FlagsStatus {
    if (this.#serving !== undefined) return this.#serving.source.standing ?? 'live';
    return this.#feeds.some(({ source, heard }) => heard && evaluates(source)) ? 'live' : 'defaults';
  }

  get name(): string {
    return this.#serving?.source.name ?? 'none';
  }

  /** Resolves as soon as a live source serves, there is none that could, or the time is up. Holds the process so long. */
  async ready(timeoutMs: number): Promise<FlagsStatus> {
    const awaited = this.#feeds.some(({ source }) => isLive(source));
    if (awaited && this.status !== 'live') await this.#live(Number.isFinite(timeoutMs) ? Math.max(0, timeoutMs) : 0);
    return this.status;
  }

  states(): readonly SourceState[] {
    return this.#freshness.states();
  }

  sources(): readonly Source[] {
    return this.#feeds.map(({ source }) => source);
  }

  async stop(): Promise<void> {
    for (const wake of [...this.#waiting]) wake();
    const stops = this.#feeds.map(async ({ source }) => {
      try {
        await source.stop();
      } catch (cause) {
        diagnostics.report(`stop of flags ${source.name}`, cause);
      }
    });
    await Promise.all(stops);
    this.#feeds.length = 0;
    this.#serving = undefined;
  }

  #live(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, 2 ** 31 - 1));
      this.#waiting.add(done);
    });
  }

  #applied(feed: Feed, text: string): void {
    guard('flags.applied', () => this.#options.applied(text, feed.source));
    const serving = this.#feeds.find(({ set }) => set !== undefined);
    const changed = serving !== this.#serving || serving === feed;
    this.#serving = serving;
    if (changed && serving?.set !== undefined) {
      this.#arrange();
      this.#options.serves(serving.set);
    }
    this.#wake();
  }

  #arrange(): void {
    const at = this.#serving === undefined ? this.#feeds.length : this.#feeds.indexOf(this.#serving);
    const asked = (feeds: readonly Feed[]): EvaluatingSource[] => feeds.map(({ source }) => source).filter(evaluates);
    this.before = asked(this.#feeds.slice(0, at));
    this.after = asked(this.#feeds.slice(at));
  }

  #wake(): void {
    if (this.status === 'live') for (const wake of [...this.#waiting]) wake();
  }
}

function isLive(source: Source): boolean {
  return (source.standing ?? 'live') === 'live' && !kills(source);
}

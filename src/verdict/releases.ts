import type { Clock } from '../core/clock.js';
import type { PrometheusApi } from './prometheus-api.js';
import { Release, type ReleaseJudgement, type ReleaseOptions } from './release.js';

type Settings = Omit<ReleaseOptions, 'baseline' | 'candidate'>;

interface Asked {
  readonly release: Release;
  at: number;
  answer: Promise<ReleaseJudgement> | undefined;
}

const MOST_PAIRS = 20;
/** Several controllers that ask at once cost one query. */
const FRESH_MS = 5000;

/**
 * Answers for any pair of versions. What a pair's evidence starts from stays the same while it is asked for; the pair that
 * was asked for longest ago makes room.
 */
export class Releases {
  readonly #api: PrometheusApi;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #pairs = new Map<string, Asked>();

  constructor(api: PrometheusApi, clock: Clock, settings: Settings = {}) {
    this.#api = api;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Rejects with a `PrometheusError`. */
  judge(candidate: string, baseline: string): Promise<ReleaseJudgement> {
    const asked = this.#pair(candidate, baseline);
    const at = this.#clock.monotonic();
    if (asked.answer === undefined || at - asked.at >= FRESH_MS) {
      asked.at = at;
      asked.answer = asked.release.read();
    }
    return asked.answer;
  }

  #pair(candidate: string, baseline: string): Asked {
    const key = JSON.stringify([candidate, baseline]);
    const known = this.#pairs.get(key);
    this.#pairs.delete(key); // to the end of the line
    const asked = known ?? {
      release: new Release(this.#api, this.#clock, { ...this.#settings, baseline, candidate }),
      at: 0,
      answer: undefined,
    };
    this.#pairs.set(key, asked);
    const [oldest] = this.#pairs.keys();
    if (this.#pairs.size > MOST_PAIRS && oldest !== undefined) this.#pairs.delete(oldest);
    return asked;
  }
}

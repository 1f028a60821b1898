import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { scrapeHealth } from './collectors/scrape-health.js';
import type { Family } from './family.js';
import { type Format, type FormatName, formats, sampleName } from './format.js';
import { FamilyLines } from './lines.js';
import { formatFor } from './negotiation.js';
import { Text } from './text.js';

export interface ExpositionOptions {
  readonly clock: Clock;
  /** All families of the moment. A rejection makes `render` reject. */
  readonly families: () => readonly Family[] | Promise<readonly Family[]>;
  /** What a text may have at most; series without room are left out, counted and told. @default 4 MB */
  readonly maxBytes?: number | undefined;
}

export interface Rendered {
  readonly contentType: string;
  readonly body: Buffer;
}

/** More than the caps on routes and series let one process write with labels of common length. */
const MAX_BYTES = 4_000_000;
/** The longest that writing holds the event loop in one piece. */
const SLICE_MS = 4;
/** A text is seldom longer than the one before by more than this. */
const ROOM_TO_GROW = 1.1;

/** The text of all metrics, in the format that is asked for. */
export class Exposition {
  readonly #options: ExpositionOptions;
  readonly #lines = new Map<string, FamilyLines>();
  readonly #underWay = new Map<FormatName, Promise<Rendered>>();
  #lastSeconds = 0;
  #lastBytes = 0;

  constructor(options: ExpositionOptions) {
    this.#options = options;
  }

  /** `accept`: the header as it came. Who asks for a format while its text is being written gets that text. */
  render({ accept }: { readonly accept?: string | undefined } = {}): Promise<Rendered> {
    const name = formatFor(accept);
    const known = this.#underWay.get(name);
    if (known !== undefined) return known;
    const rendered = this.#render(formats[name]).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, rendered);
    return rendered;
  }

  async #render(format: Format): Promise<Rendered> {
    const { clock, families, maxBytes = MAX_BYTES } = this.#options;
    const all = await families();
    const text = new Text(format, maxBytes, Math.ceil(this.#lastBytes * ROOM_TO_GROW));
    let workedMs = 0;
    let sinceMs = clock.monotonic();
    for (const family of [...scrapeHealth(this.#lastSeconds, this.#lastBytes), ...all]) {
      for (const _ of text.family(family, this.#linesOf(family))) {
        const nowMs = clock.monotonic();
        if (nowMs - sinceMs < SLICE_MS) continue;
        workedMs += nowMs - sinceMs;
        await othersFirst();
        sinceMs = clock.monotonic();
      }
    }
    const body = text.end();
    this.#lastSeconds = (workedMs + clock.monotonic() - sinceMs) / 1000;
    this.#lastBytes = body.length;
    if (text.leftOut > 0) tellLeftOut(text.leftOut, maxBytes);
    return { contentType: format.contentType, body };
  }

  /** Both formats have the same sample lines. */
  #linesOf(family: Family): FamilyLines {
    const name = sampleName(family);
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const made = new FamilyLines(family);
    this.#lines.set(name, made);
    return made;
  }
}

function tellLeftOut(series: number, maxBytes: number): void {
  diagnostics.drop('metrics', 'scrape_bytes', series);
  diagnostics.warn(
    'metrics too large',
    `the metrics have more than ${maxBytes} bytes: ${series} series were left out. Fewer routes or labels, or a higher limit.`,
  );
}

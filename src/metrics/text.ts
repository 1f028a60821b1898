import { Bytes } from './bytes.js';
import type { Family, HistogramPoint, NumberPoint, SummaryPoint } from './family.js';
import type { Format } from './format.js';
import type { FamilyLines } from './lines.js';

/** Between two chances for others to run. */
const CHUNK = 64 * 1024;

/** One text under way: bounded in bytes, and able to pause between series. */
export class Text {
  readonly #format: Format;
  readonly #maxBytes: number;
  readonly #bytes: Bytes;
  #pauseAt = CHUNK;
  /** Series that had no room. */
  leftOut = 0;

  /** `expected`: about how many bytes it will have. */
  constructor(format: Format, maxBytes: number, expected: number) {
    this.#format = format;
    this.#maxBytes = maxBytes - format.end.length;
    this.#bytes = new Bytes(Math.min(expected, maxBytes));
  }

  /** Writes one family series by series; yields after each chunk, so that whoever drives may let others run. */
  *family(family: Family, lines: FamilyLines): Generator<undefined, void> {
    const bytes = this.#bytes;
    let whole = bytes.length;
    bytes.text(this.#format.head(family));
    for (let i = 0; i < family.points.length; i++) {
      writeSeries(family, i, lines, this.#format.exemplars, bytes);
      if (bytes.length > this.#maxBytes) {
        this.leftOut += family.points.length - i;
        break;
      }
      whole = bytes.length;
      if (whole < this.#pauseAt) continue;
      this.#pauseAt = whole + CHUNK;
      yield undefined;
    }
    bytes.cut(whole);
  }

  end(): Buffer {
    this.#bytes.text(this.#format.end);
    return this.#bytes.end();
  }
}

function writeSeries(family: Family, index: number, lines: FamilyLines, exemplars: boolean, to: Bytes): void {
  if (family.type === 'histogram') lines.histogram(family.points[index] as HistogramPoint, exemplars, to);
  else if (family.type === 'summary') lines.summary(family.points[index] as SummaryPoint, to);
  else lines.number(family.points[index] as NumberPoint, to);
}

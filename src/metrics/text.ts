import type { Family } from './family.js';
import type { Format } from './format.js';
import type { FamilyLines } from './lines.js';

/** Flushed into a buffer at this length. A larger string would be flattened in one piece. */
const CHUNK = 64 * 1024;

/** One text under way: bounded in bytes, and able to pause between series. */
export class Text {
  readonly #format: Format;
  readonly #maxBytes: number;
  readonly #buffers: Buffer[] = [];
  #bytes = 0;
  #chunk = '';
  /** Series that had no room. */
  leftOut = 0;

  constructor(format: Format, maxBytes: number) {
    this.#format = format;
    this.#maxBytes = maxBytes - format.end.length;
  }

  /** Writes one family series by series; yields after each chunk, so that whoever drives may let others run. */
  *family(family: Family, lines: FamilyLines): Generator<undefined, void> {
    let head = this.#format.head(family);
    for (let i = 0; i < family.points.length; i++) {
      const text = seriesText(family, i, lines, this.#format.exemplars);
      if (!this.#fits(head, text)) {
        this.leftOut += family.points.length - i;
        return;
      }
      this.#chunk += head;
      this.#chunk += text;
      head = '';
      if (this.#chunk.length < CHUNK) continue;
      this.#flush();
      yield undefined;
    }
  }

  end(): Buffer {
    this.#chunk += this.#format.end;
    this.#flush();
    return Buffer.concat(this.#buffers);
  }

  /** By characters as long as there is room for three bytes each, then by bytes. */
  #fits(head: string, text: string): boolean {
    const room = this.#maxBytes - this.#bytes;
    if ((this.#chunk.length + head.length + text.length) * 3 <= room) return true;
    this.#flush();
    return this.#bytes + Buffer.byteLength(head) + Buffer.byteLength(text) <= this.#maxBytes;
  }

  #flush(): void {
    const buffer = Buffer.from(this.#chunk);
    this.#buffers.push(buffer);
    this.#bytes += buffer.length;
    this.#chunk = '';
  }
}

function seriesText(family: Family, index: number, lines: FamilyLines, exemplars: boolean): string {
  switch (family.type) {
    case 'histogram':
      return lines.histogram(family.points[index] as (typeof family.points)[number], exemplars);
    case 'summary':
      return lines.summary(family.points[index] as (typeof family.points)[number]);
    default:
      return lines.number(family.points[index] as (typeof family.points)[number]);
  }
}

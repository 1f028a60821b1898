/** One event of a `text/event-stream` (WHATWG HTML, section 9.2). */
export interface ServerEvent {
  /** `message` where the server names none. */
  readonly type: string;
  readonly data: string;
  /** The last that the stream has named up to here. */
  readonly id: string;
}

/** Reads a stream of events from pieces of it, cut anywhere. Holds at most one event; throws when that is too large. */
export class EventParser {
  /** What the server asks to wait before it is connected to again. */
  retryMs: number | undefined;
  /** Whole lines up to here, comments too: who sends half lines says nothing. */
  lines = 0;
  readonly #maxLength: number;
  readonly #decoder = new TextDecoder(); // leaves out a byte order mark
  #pieces: string[] = [];
  #heldLength = 0;
  #endsInReturn = false;
  #type = '';
  #data: string[] = [];
  #dataLength = 0;
  #id = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The events that are complete with this piece. */
  push(bytes: Uint8Array): ServerEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return [];
    const endsInReturn = text.endsWith('\r');
    if (this.#endsInReturn && text.startsWith('\n')) text = text.slice(1); // the second half of the last line's end
    this.#endsInReturn = endsInReturn;
    const lines = text.split(/\r\n|\n|\r/);
    const events: ServerEvent[] = [];
    for (let i = 0; i < lines.length - 1; i++) {
      const event = this.#line(this.#held() + lines[i]);
      if (event !== undefined) events.push(event);
    }
    this.#hold(lines.at(-1) ?? '');
    return events;
  }

  #hold(piece: string): void {
    this.#pieces.push(piece);
    this.#heldLength += piece.length;
    if (this.#heldLength + this.#dataLength > this.#maxLength) throw new Error('an event is larger than allowed');
  }

  #held(): string {
    const line = this.#pieces.join('');
    this.#pieces = [];
    this.#heldLength = 0;
    return line;
  }

  #line(line: string): ServerEvent | undefined {
    this.lines++;
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#append(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value);
    return undefined;
  }

  #append(value: string): void {
    this.#data.push(value);
    this.#dataLength += value.length + 1;
    if (this.#dataLength > this.#maxLength) throw new Error('an event is larger than allowed');
  }

  #dispatch(): ServerEvent | undefined {
    const type = this.#type === '' ? 'message' : this.#type;
    const event = this.#data.length === 0 ? undefined : { type, data: this.#data.join('\n'), id: this.#id };
    this.#type = '';
    this.#data = [];
    this.#dataLength = 0;
    return event;
  }
}

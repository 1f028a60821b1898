import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { isThreshold, numberOf } from '../logs/levels.js';
import { Refusal } from './api/resource.js';

const REMEMBERED = 200;
const MAX_LINE = 8192;
const READERS = 20;
/** A reader that is further behind loses lines, and is told how many. */
const MAX_WAITING_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;

interface Filter {
  readonly threshold: number;
  readonly text: string;
}

interface Reader {
  readonly response: ServerResponse;
  readonly filter: Filter;
  lost: number;
}

/** Log lines as they are written, to whoever watches. Never waits for a reader, and keeps the last 200 lines for the next one. */
export class LogTail {
  readonly #clock: Clock;
  readonly #lines: string[] = [];
  readonly #readers = new Set<Reader>();
  #next = 0;
  #quiet: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** One line of JSON, as it was written. On the path of every line: stores it, and no more while nobody watches. */
  readonly line = (text: string): void => {
    this.#lines[this.#next] = text;
    this.#next = (this.#next + 1) % REMEMBERED;
    if (this.#readers.size === 0) return;
    for (const reader of this.#readers) if (passes(reader.filter, text)) send(reader, text);
  };

  /** `level`: that and above. `text`: what the line must hold somewhere, whatever the case. */
  watch(query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    if (this.#readers.size >= READERS) throw new Refusal(503, `${READERS} readers watch the log already`);
    const reader: Reader = { response, filter: filterOf(query), lost: 0 };
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(': the last lines first\n\n');
    for (const text of this.#remembered()) if (passes(reader.filter, text)) send(reader, text);
    this.#readers.add(reader);
    this.#quiet ??= this.#clock.every(HEARTBEAT_MS, () => this.#beat());
    const gone = (): void => this.#leave(reader);
    request.on('close', gone);
    response.on('close', gone);
    response.on('error', gone);
  }

  /** Ends every watch. */
  stop(): void {
    for (const reader of [...this.#readers]) {
      this.#leave(reader);
      reader.response.end('event: end\ndata: the service stops\n\n');
    }
  }

  #remembered(): string[] {
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }

  #leave(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#quiet?.();
    this.#quiet = undefined;
  }

  #beat(): void {
    for (const { response } of this.#readers) response.write(': beat\n\n');
  }
}

function filterOf(query: URLSearchParams): Filter {
  const level = query.get('level') ?? 'trace';
  if (!isThreshold(level)) throw new Refusal(400, 'level is one of trace, debug, info, warn, error, fatal');
  return { threshold: numberOf(level), text: (query.get('text') ?? '').toLowerCase() };
}

function passes({ threshold, text }: Filter, line: string): boolean {
  const level = /"level":"([a-z]+)"/.exec(line.slice(0, 200))?.[1];
  if (isThreshold(level) && numberOf(level) < threshold) return false;
  return text === '' || line.toLowerCase().includes(text);
}

function send(reader: Reader, text: string): void {
  const { response } = reader;
  if (response.writableLength > MAX_WAITING_BYTES) {
    reader.lost++;
    diagnostics.drop('log_tail', 'reader_too_slow');
    return;
  }
  if (reader.lost > 0) response.write(`event: lost\ndata: ${reader.lost}\n\n`);
  reader.lost = 0;
  // JSON has no bare line break, and a cut line is shown as text.
  response.write(
    `data: ${text
      .trimEnd()
      .slice(0, MAX_LINE)
      .replace(/[\r\n]/g, ' ')}\n\n`,
  );
}

import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { MAX_LINES, shortened } from './line-text.js';

/** Characters of one request. */
const MAX_LENGTH = 65_536;
/** Characters that each request may hold, however much the others do; and that it may add once it is over. */
const OWN_LENGTH = 4096;
/** Characters of all requests that are under way, beyond their own. */
const MAX_HELD = 4 * 1024 * 1024;

const NONE: readonly string[] = [];

/** The lines of one request, to which later ones are added. */
export interface LinesOfRequest {
  readonly lines: readonly string[];
  /** Characters. */
  readonly length: number;
}

class Held implements LinesOfRequest {
  readonly owner: RequestLines;
  readonly lines: string[];
  length: number;
  limit = MAX_LENGTH;
  /** By a trace that is kept: counted there. */
  isTaken = false;

  constructor(owner: RequestLines, line?: string) {
    this.owner = owner;
    this.lines = line === undefined ? [] : [line];
    this.length = line?.length ?? 0;
  }

  hasRoom(length: number): boolean {
    return this.lines.length < MAX_LINES && this.length + length <= this.limit;
  }

  add(line: string): void {
    this.lines.push(line);
    this.length += line.length;
  }
}

/**
 * The log lines of requests that are under way, each with its own request: when its trace is not kept they go with it,
 * unread. Those of a trace that is kept are added to as long as something of the request still runs.
 */
export class RequestLines {
  /** Characters of those that nobody has taken. */
  #open = 0;

  /** `text`: one line of JSON as it was written. */
  add(exchange: Exchange, text: string): void {
    if (exchange.lines === NONE) return; // nobody will look them up
    const line = shortened(text);
    const held = this.#heldBy(exchange);
    if (held !== undefined && !held.hasRoom(line.length)) {
      diagnostics.drop('lines of kept traces', 'request_cap');
      return;
    }
    if (held?.isTaken !== true) {
      if ((held?.length ?? 0) + line.length > OWN_LENGTH && this.#open + line.length > MAX_HELD) {
        diagnostics.drop('lines of kept traces', 'all_requests_cap');
        return;
      }
      this.#open += line.length;
    }
    if (held === undefined) exchange.lines = new Held(this, line);
    else held.add(line);
  }

  /** For a trace that is kept, or may be. */
  taken(exchange: Exchange): LinesOfRequest {
    const held = this.#heldBy(exchange) ?? new Held(this);
    if (!held.isTaken) this.#open -= held.length;
    held.isTaken = true;
    exchange.lines = held;
    return held;
  }

  /** The request is over: lines that nobody has taken are let go of. */
  release(exchange: Exchange): void {
    const held = this.#heldBy(exchange);
    if (held?.isTaken === true) {
      held.limit = Math.min(MAX_LENGTH, held.length + OWN_LENGTH);
      return;
    }
    this.#open -= held?.length ?? 0;
    exchange.lines = NONE;
  }

  #heldBy({ lines }: Exchange): Held | undefined {
    return lines instanceof Held && lines.owner === this ? lines : undefined;
  }
}

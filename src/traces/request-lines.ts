import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';

const MAX_LINES = 100;
const MAX_LINE_LENGTH = 8192;
/** Characters of one request. */
const MAX_LENGTH = 65_536;
/** Characters of all requests that are under way. */
const MAX_HELD = 4 * 1024 * 1024;

const NONE: readonly string[] = [];

class Held {
  readonly lines: string[];
  length: number;
  isOver = false;

  constructor(line?: string) {
    this.lines = line === undefined ? [] : [line];
    this.length = line?.length ?? 0;
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
  #length = 0;

  /** `text`: one line of JSON as it was written. */
  add(exchange: Exchange, text: string): void {
    if (exchange.lines === NONE) return; // nobody will look them up
    const held = heldBy(exchange);
    const line = text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}...` : text;
    if (held !== undefined && (held.lines.length >= MAX_LINES || held.length + line.length > MAX_LENGTH)) {
      diagnostics.drop('lines of kept traces', 'request_cap');
      return;
    }
    if (held?.isOver !== true) {
      if (this.#length + line.length > MAX_HELD) {
        diagnostics.drop('lines of kept traces', 'all_requests_cap');
        return;
      }
      this.#length += line.length;
    }
    if (held === undefined) exchange.lines = new Held(line);
    else held.add(line);
  }

  /** For a trace that is kept: the lines so far, and those that come later in the same list. */
  taken(exchange: Exchange): readonly string[] {
    exchange.lines ??= new Held();
    return heldBy(exchange)?.lines ?? NONE;
  }

  /** The request is over: its lines count no longer, and are let go of unless its trace `isKept`. */
  release(exchange: Exchange, isKept: boolean): void {
    const held = heldBy(exchange);
    if (held !== undefined) {
      held.isOver = true;
      this.#length -= held.length;
    }
    if (!isKept) exchange.lines = NONE;
  }
}

function heldBy({ lines }: Exchange): Held | undefined {
  return lines instanceof Held ? lines : undefined;
}

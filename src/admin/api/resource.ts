import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Guest } from '../access.js';

/** Plain data with the moment or the revision that it is of. Asked again with `?since=<at>`, only what is newer is sent. */
export interface Stamped {
  readonly at: number;
}

/** What this process has no source for, and why: an answer like any other, as nobody has asked for something wrong. */
export interface Absent extends Stamped {
  readonly absent: string;
}

export function absent(reason: string): Resource {
  return { read: (): Absent => ({ at: 0, absent: reason }) };
}

/** A wish that cannot be met: what was wrong with it, for whoever made it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One thing that the API can tell, at `/api/<name>`. Throws a `Refusal` for what is not there or makes no sense. */
export interface Resource {
  /** `since`: what the reader has already; the whole where it is left out. A text is JSON already. */
  readonly read?: (query: URLSearchParams, since: number | undefined) => Stamped | Ready;
  /** A change that somebody wants; resolves the same way as reading does. */
  readonly change?: (wish: Readonly<Record<string, unknown>>, guest: Guest) => object;
  /** Takes the answer over: events that go on until somebody ends them. */
  readonly stream?: (query: URLSearchParams, request: IncomingMessage, response: ServerResponse) => void;
}

/** Written out once for all who ask within the same moment. */
export interface Ready extends Stamped {
  readonly json: string;
}

import type { FinishedSpan } from './export/finished-span.js';
import type { KeptBecause } from './keep.js';

/** What a span costs beside its texts. */
const SPAN_BYTES = 1000;

const NO_SPANS: readonly FinishedSpan[] = [];

/** The finished spans of one local root: of one request, or one job, of this process. */
export class TraceGroup {
  readonly root: object;
  /** Made for the first that waits: most requests have their root alone. */
  #spans: FinishedSpan[] | undefined = undefined;
  /** Estimated, of `spans`. */
  bytes = 0;
  /** Its neighbours by age, as long as its root is open: owned by `open-groups`. */
  older: TraceGroup | undefined = undefined;
  newer: TraceGroup | undefined = undefined;
  isOpen = false;
  decided: KeptBecause | 'dropped' | undefined = undefined;

  constructor(root: object) {
    this.root = root;
  }

  /** Those that wait for the root. */
  get spans(): readonly FinishedSpan[] {
    return this.#spans ?? NO_SPANS;
  }

  /** Returns the bytes by which it grew. */
  add(span: FinishedSpan): number {
    const bytes = bytesOf(span);
    this.#spans ??= [];
    this.#spans.push(span);
    this.bytes += bytes;
    return bytes;
  }

  release(): readonly FinishedSpan[] {
    const { spans } = this;
    this.#spans = undefined;
    this.bytes = 0;
    return spans;
  }
}

/** Texts are all that can be long: a stack in an event, a statement in an attribute. */
function bytesOf({ attributes, events }: FinishedSpan): number {
  let bytes = SPAN_BYTES;
  for (const name in attributes) bytes += lengthOf(attributes[name]);
  for (const event of events) for (const name in event.attributes) bytes += lengthOf(event.attributes[name]);
  return bytes;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.reduce((sum: number, item) => sum + lengthOf(item), 0) : 8;
}

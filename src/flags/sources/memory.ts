import type { Source, SourceSink } from '../source.js';

export interface MemorySource extends Source {
  /** Offers a document, as data or as text. True when it was applied; false too while nothing listens, and then it is offered at the start. */
  set(document: object | string): boolean;
  /** As if the source could not be read. */
  fail(reason: string): void;
}

/** Documents by hand: for tests, and for programs that have their flags from elsewhere. */
export function memory(document?: object | string): MemorySource {
  let held = document;
  let sink: SourceSink | undefined;
  const offer = (): boolean => {
    if (held === undefined || sink === undefined) return false;
    return sink.document(typeof held === 'string' ? held : JSON.stringify(held));
  };
  return {
    name: 'memory',
    start: (to) => {
      sink = to;
      offer();
    },
    stop: () => {
      sink = undefined;
    },
    set: (next) => {
      held = next;
      return offer();
    },
    fail: (reason) => sink?.failed(reason),
  };
}

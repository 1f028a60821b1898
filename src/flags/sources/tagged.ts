import type { Source } from '../source.js';

/** A source that knows the version of what it gave, and can go on from a version that a backup has kept. */
export interface TaggedSource extends Source {
  /** Of the document that was applied last. */
  readonly etag: string | undefined;
  /** For the next `start`: the document of that ETag is applied already, so "not changed" will do as an answer. */
  resume(etag: string): void;
  stop(): void;
}

export function isTagged(source: Source): source is TaggedSource {
  return 'resume' in source && typeof source.resume === 'function';
}

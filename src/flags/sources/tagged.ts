import type { Source } from '../source.js';

/** A source that knows the version of what it gave, and can go on from one that a backup has kept. */
export interface TaggedSource extends Source {
  /** Of the document that was applied last. */
  readonly etag: string | undefined;
  /** For the next `start`: when the service answers that this version has not changed, its text is offered as if it had come. */
  resume(version: Version): void;
  stop(): void;
}

export interface Version {
  readonly etag: string;
  readonly text: string;
}

export function isTagged(source: Source): source is TaggedSource {
  return 'resume' in source && typeof source.resume === 'function';
}

import type { Source } from '../source.js';
import type { Backup, Saved } from './backup.js';
import { isTagged } from './tagged.js';

export interface BackedUp {
  /** Those that were given, and after them the backup. */
  readonly sources: readonly Source[];
  /** For the client to call with each document that it has taken over. */
  applied(text: string, source: Source): void;
}

/** Puts a backup behind sources: it serves until one of them does, and keeps what they give. */
export function backedUp(sources: readonly Source[], backup: Backup): BackedUp {
  const saved = backup.load();
  if (saved !== undefined) resume(sources, saved);
  return {
    sources: [...sources, saving(saved, backup)],
    applied: (text, source) => {
      if ((source.standing ?? 'live') !== 'live') return;
      backup.save(text, () => ({ source: source.name, etag: isTagged(source) ? source.etag : undefined }));
    },
  };
}

function resume(sources: readonly Source[], { source: name, etag, text }: Saved): void {
  const origin = sources.find((source) => source.name === name);
  if (origin !== undefined && isTagged(origin) && etag !== undefined) origin.resume({ etag, text });
}

function saving(saved: Saved | undefined, backup: Backup): Source {
  return {
    name: 'backup',
    standing: 'backup',
    start: (sink) => {
      if (saved !== undefined) sink.document(saved.text);
    },
    stop: () => backup.flush(),
  };
}

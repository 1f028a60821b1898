import { systemClock } from '../core/clock.js';
import { messageOf } from '../core/diagnostics.js';
import type { Source } from '../flags/source.js';
import { Backup } from '../flags/sources/backup.js';
import { sourceOf } from '../flags/sources/sources.js';
import { ConfigError } from './config-error.js';
import type { FlagOptions } from './flag-options.js';

/** What is decided about flags before anything is started. */
export interface FlagsConfig extends Pick<FlagOptions, 'context' | 'allowMassRemoval' | 'strict'> {
  /** In order of priority. */
  readonly sources: readonly Source[];
  readonly backup: Backup | undefined;
}

/** Throws `ConfigError` for a source that is none. */
export function flagsConfig({ source, backup, ...rest }: FlagOptions): FlagsConfig {
  const given: readonly (string | Source)[] = source === undefined ? [] : [source].flat();
  return {
    ...rest,
    sources: given.map(opened),
    backup: backup === undefined ? undefined : new Backup(backup, { clock: systemClock }),
  };
}

function opened(source: string | Source): Source {
  if (typeof source !== 'string') return source;
  try {
    return sourceOf(source, systemClock);
  } catch (cause) {
    throw new ConfigError([`flags.source: ${messageOf(cause)}`]);
  }
}

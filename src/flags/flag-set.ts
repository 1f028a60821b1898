import { createHash } from 'node:crypto';
import { messageOf } from '../core/diagnostics.js';
import { nearest, shortened } from '../core/nearest.js';
import { alike, definition, isObject, metadataOf, own, type Shared } from './definition.js';
import type { FlagMetadata } from './evaluation.js';
import { type Fault, faultOf, MAX_PLACE, placeOf, sayFault } from './fault.js';
import { CompiledFlag } from './flag.js';
import type { Json, JsonObject } from './rule.js';

/** All flags of one document. Replaced as a whole, never changed. */
export interface FlagSet {
  /** The name of the source that it came from. */
  readonly source: string;
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly metadata: FlagMetadata;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
  /** Flags that were rejected; those that have a last good version still answer by it. */
  readonly faults: readonly Fault[];
  /** The first of them: some thousand say no more than some do. */
  readonly warnings: readonly Fault[];
}

/** Why a document as a whole was not taken over. */
export interface Refusal {
  readonly refused: string;
  /** What it would have been, all its flags broken: better than nothing, as each says what is wrong with it. */
  readonly broken?: FlagSet | undefined;
}

/** More than this share of the known flags gone at once is taken for an accident. */
const MOST_REMOVED = 0.5;

/**
 * Reads a document flag by flag: one that is bad is rejected alone and keeps the version that `previous`, the same
 * source's last set, has of it. Never throws.
 */
export function flagSet(
  text: string,
  source: string,
  previous: FlagSet | undefined,
  allowMassRemoval = false,
): FlagSet | Refusal {
  const document = read(text);
  if ('refused' in document) return document;
  const keys = Object.keys(document.flags);
  if (keys.length === 0 && !allowMassRemoval) return { refused: 'it has no flags' };
  const gone = removed(previous, document.flags);
  if (!allowMassRemoval && previous !== undefined && gone > previous.flags.size * MOST_REMOVED) {
    return {
      refused: `it lacks ${gone} of the ${previous.flags.size} flags that are known; allowMassRemoval lets it in`,
    };
  }
  const reader = new FlagReader(source, document, previous);
  const flags = new Map<string, CompiledFlag>();
  for (const key of keys) flags.set(key, reader.flag(key, document.flags[key] ?? null));
  const { faults, warnings } = reader;
  const hash = createHash('sha256').update(text).digest('hex');
  const set = Object.freeze({ source, flags, metadata: reader.shared.metadata, hash, faults, warnings });
  if (keys.length === 0 || faults.length < keys.length) return set;
  return { refused: `none of its flags can be read: ${faults.slice(0, 3).map(sayFault).join('. ')}`, broken: set };
}

function read(text: string): { flags: JsonObject; top: JsonObject } | Refusal {
  let document: Json;
  try {
    document = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    return { refused: `it is no JSON: ${messageOf(cause)}` };
  }
  if (!isObject(document)) return { refused: 'it is no object with "flags"' };
  const flags = own(document, 'flags');
  return isObject(flags) ? { flags, top: document } : { refused: 'it is no object with "flags"' };
}

function removed(previous: FlagSet | undefined, flags: JsonObject): number {
  let gone = 0;
  for (const key of previous?.flags.keys() ?? []) if (!Object.hasOwn(flags, key)) gone++;
  return gone;
}

/** A document of 5 MB has room for a million mistakes. So many are told, and of so many it is looked up what was meant. */
const MOST_WARNINGS = 1000;
const MOST_MEANT = 20;

class FlagReader {
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly shared: Shared;
  readonly #source: string;
  readonly #previous: FlagSet | undefined;
  #meant = 0;

  constructor(source: string, { top }: { top: JsonObject }, previous: FlagSet | undefined) {
    this.#source = source;
    this.#previous = previous;
    const named = own(top, '$evaluators');
    const metadata = own(top, 'metadata');
    const warn = (path: string, value: unknown, problem: string): void => {
      if (this.warnings.length < MOST_WARNINGS)
        this.warnings.push({ source, flag: '', path: shortened(path, MAX_PLACE), value, problem, fix: '' });
    };
    const rules = isObject(named) ? named : {};
    const meant: Shared['meant'] = (name, known) => (this.#meant++ < MOST_MEANT ? nearest(name, known) : undefined);
    this.shared = { evaluators: { rules, names: Object.keys(rules) }, metadata: metadataOf(metadata, warn), meant };
  }

  flag(key: string, raw: Json): CompiledFlag {
    const last = this.#previous?.flags.get(key);
    const warnings: Fault[] = [];
    const warn = (path: string, value: unknown, problem: string): void => {
      if (this.warnings.length + warnings.length >= MOST_WARNINGS) return;
      warnings.push({
        source: this.#source,
        flag: key,
        path: placeOf(key, path),
        value,
        problem: shortened(problem, MAX_PLACE),
        fix: '',
      });
    };
    try {
      const defined = definition(key, raw, this.shared, warn);
      const unchanged = last?.definition !== undefined && alike(last.definition, defined);
      const flag = unchanged ? last : CompiledFlag.of(defined, (path, problem) => warn(path, undefined, problem));
      this.warnings.push(...warnings);
      return flag;
    } catch (cause) {
      const fault = faultOf(this.#source, key, cause);
      this.faults.push(fault);
      return last?.definition === undefined ? CompiledFlag.broken(key, sayFault(fault)) : last;
    }
  }
}

import { FlagClient } from '../../src/flags/client.js';
import { type MemorySource, memory } from '../../src/flags/sources/memory.js';

interface TheirFlag {
  readonly disabled?: boolean;
  readonly variants: Readonly<Record<string, unknown>>;
  readonly defaultVariant?: string | null;
  readonly flagMetadata?: Readonly<Record<string, unknown>> | null;
  readonly contextEvaluator?: string;
}

/** The two expressions that OpenFeature's test flags use, in JSONLogic: theirs are in CEL. */
const RULES: Readonly<Record<string, object>> = {
  "email == 'ballmer@macrosoft.com' ? 'zero' : ''": {
    if: [{ '==': [{ var: 'email' }, 'ballmer@macrosoft.com'] }, 'zero'],
  },
  "!customer && email == 'ballmer@macrosoft.com' && age > 10 ? 'internal' : ''": {
    if: [
      {
        and: [
          { '!': { var: 'customer' } },
          { '==': [{ var: 'email' }, 'ballmer@macrosoft.com'] },
          { '>': [{ var: 'age' }, 10] },
        ],
      },
      'internal',
    ],
  },
};

/** OpenFeature's test flags as a document of ours. */
export function documentFrom(text: string): object {
  const theirs = JSON.parse(text) as Readonly<Record<string, TheirFlag>>;
  const flags = Object.entries(theirs).map(([key, flag]) => [key, translated(flag)]);
  return { flags: Object.fromEntries(flags) };
}

function translated({ disabled, variants, defaultVariant, flagMetadata, contextEvaluator }: TheirFlag): object {
  const targeting = contextEvaluator === undefined ? undefined : RULES[contextEvaluator];
  if (contextEvaluator !== undefined && targeting === undefined) throw new Error(`no rule for ${contextEvaluator}`);
  const metadata = flagMetadata ?? undefined;
  return { state: disabled ? 'DISABLED' : 'ENABLED', variants, defaultVariant, metadata, targeting };
}

export function flagsOf(document: object): { flags: FlagClient; source: MemorySource } {
  const source = memory(document);
  return { flags: new FlagClient().start({ sources: [source] }), source };
}

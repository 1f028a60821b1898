import { messageOf } from '../core/diagnostics.js';
import type { FlagKind, FlagValue } from './evaluation.js';
import { flagSet } from './flag-set.js';

const HEAD = `// Written by \`fourlights flags types\`. A flag that is misspelt, or asked for as the wrong kind, does not compile.
import 'fourlights';

declare module 'fourlights' {
  interface FlagTypes {
`;
const MAX_VALUES = 50;

/**
 * The text of a `.d.ts` that declares the flags of a document, sorted by name: what `FlagTypes` is there for. Texts become a
 * union of their variants. Throws `TypeError` for a document that as a whole cannot be read.
 */
export function flagTypes(document: string | object): string {
  const set = flagSet(typeof document === 'string' ? document : jsonOf(document), 'document', undefined, true);
  if ('refused' in set) throw new TypeError(`no types can be written from this document: ${set.refused}`);
  const lines = [...set.flags.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap(({ key, definition }) => {
      if (definition === undefined) return [];
      const { kind, variants, metadata } = definition;
      const about = metadata['description'];
      const comment = typeof about === 'string' ? [`    /** ${oneLine(about)} */`] : [];
      return [...comment, `    ${JSON.stringify(key)}: ${typeOf(kind, [...variants.values()])};`];
    });
  return `${HEAD}${lines.join('\n')}${lines.length > 0 ? '\n' : ''}  }\n}\n`;
}

function jsonOf(document: object): string {
  try {
    return JSON.stringify(document);
  } catch (cause) {
    throw new TypeError(`no types can be written from this document: ${messageOf(cause)}`);
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
}

function typeOf(kind: FlagKind, values: readonly FlagValue[]): string {
  if (kind === 'boolean' || kind === 'number') return kind;
  if (kind === 'string') {
    const texts = [...new Set(values.map((value) => JSON.stringify(value)))].sort();
    return texts.length > MAX_VALUES ? 'string' : texts.join(' | ');
  }
  const shapes = [...new Set(values.map((value) => shapeOf(value, 0)))].sort();
  return shapes.join(' | ');
}

const MAX_DEPTH = 8;

function shapeOf(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (depth > MAX_DEPTH) return 'unknown';
  if (Array.isArray(value)) {
    const items = [...new Set(value.map((item) => shapeOf(item, depth + 1)))].sort();
    return `readonly (${items.join(' | ') || 'never'})[]`;
  }
  const fields = Object.entries(value).map(
    ([key, inner]) => `readonly ${JSON.stringify(key)}: ${shapeOf(inner, depth + 1)}`,
  );
  return fields.length === 0 ? 'object' : `{ ${fields.join('; ')} }`;
}

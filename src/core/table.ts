import { nearest, shortened } from './nearest.js';

/** Named factories of one kind of part. Accepted names, error texts, docs and contract tests derive from the table. */
export type Table<T> = Readonly<Record<string, T>>;

/** Own keys only: `toString` names no part. */
export function has<T>(table: Table<T>, name: string): boolean {
  return Object.hasOwn(table, name);
}

/** What to say of a name that the table does not have. */
export function unknownName<T>(kind: string, table: Table<T>, name: string): string {
  const known = Object.keys(table);
  const meant = nearest(name, known);
  return `unknown ${kind} "${shortened(name, 100)}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}; known: ${known.join(', ')}`;
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Fault, Figure } from './fault.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which the tests of one run leave their figures. */
    figures: string;
  }
}

/** One row of the table of faults, as docs/reliability.md has it. */
export type Row = Figure & Pick<Fault, 'name' | 'promise' | 'goals'> & { readonly group: string };

/** Leaves a figure for the report. Any test of the project may: fuzz and soak do so without being in the table. */
export function keep(row: Row): void {
  const file = `${row.group} ${row.name}`.replace(/[^a-zA-Z0-9]+/g, '-');
  writeFileSync(join(inject('figures'), `${file}.json`), JSON.stringify(row));
}

export function keptIn(folder: string): Row[] {
  return readdirSync(folder).map((file): Row => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

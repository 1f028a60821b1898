import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { groups } from '../faults.js';
import { keptIn, type Row } from '../figures.js';
import { long } from '../form.js';
import { documentOf } from './document.js';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));

/**
 * Around a run of the project. After a long run in which every fault has its figure the page is written
 * anew. FAULTS_FIGURES names a folder that keeps figures from run to run, so that the long form can be done in parts.
 */
export default function setup({ provide }: TestProject): () => void {
  const folder = process.env['FAULTS_FIGURES'] ?? mkdtempSync(join(tmpdir(), 'fourlights-figures-'));
  mkdirSync(folder, { recursive: true });
  provide('figures', folder);
  return () => {
    if (long) write(inOrder(keptIn(folder)));
  };
}

function write(rows: readonly Row[]): void {
  const absent = missing(rows);
  if (absent.length > 0) {
    console.info(`docs/reliability.md is not written: no figure of ${absent.join(', ')}`);
    return;
  }
  const [, , load = 0] = loadavg();
  writeFileSync(PAGE, documentOf(rows, { node: process.version, cores: cpus().length, load }));
  console.info(`docs/reliability.md: ${rows.length} faults`);
}

function missing(rows: readonly Row[]): string[] {
  const has = (group: string, name: string): boolean => rows.some((row) => row.group === group && row.name === name);
  return groups.flatMap(({ name: group, faults }) =>
    faults.filter(({ name }) => !has(group, name)).map(({ name }) => `"${group}: ${name}"`),
  );
}

/** As the table has them, then what others have left. */
function inOrder(rows: readonly Row[]): Row[] {
  const order = groups.flatMap(({ name: group, faults }) => faults.map(({ name }) => `${group}: ${name}`));
  const at = ({ group, name }: Row): number =>
    (order.indexOf(`${group}: ${name}`) + order.length + 1) % (order.length + 1);
  return rows.toSorted((a, b) => at(a) - at(b) || a.group.localeCompare(b.group) || a.name.localeCompare(b.name));
}

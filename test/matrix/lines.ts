import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { nodeBinary } from '../support/node-binary.mjs';
import { FORMS, type Line } from './matrix.js';
import { Project, packed } from './project.js';

/** Of installing and compiling, on a machine that is busy ten times over. */
const LIMIT_MS = 600_000;

/** Tests of every form on each of these lines of Node, and a table of how it went. */
export function matrix(lines: readonly string[]): void {
  const table: Record<string, Record<string, string>> = {};

  describe.each(lines)('on Node %s', (line) => {
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-packed-'));
    const projects: Project[] = [];
    const others = new Map<string, ReturnType<Line['another']>>();
    let it: Line;
    let row: Record<string, string> = {};

    beforeAll(async () => {
      const node = nodeBinary(line);
      row = table[execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()] = {};
      const tarball = packed(folder);
      const project = async (packages: readonly string[]) => {
        const made = new Project(node);
        projects.push(made);
        return { project: made, said: await made.install(tarball, ...packages) };
      };
      const { project: bare, said: installed } = await project([]);
      const another: Line['another'] = (...packages) => {
        const known = others.get(packages.join()) ?? project(packages);
        others.set(packages.join(), known);
        return known;
      };
      it = { line, bare, installed, another };
    }, LIMIT_MS);

    afterAll(() => {
      for (const project of projects) project.remove();
      rmSync(folder, { recursive: true, force: true });
    }, LIMIT_MS);

    test.each(Object.entries(FORMS))(
      '%s',
      async (name, form) => {
        row[name] = 'FAILED';
        row[name] = String((await form(it)) ?? 'ok');
      },
      LIMIT_MS,
    );
  });

  afterAll(() => console.table(table));
}

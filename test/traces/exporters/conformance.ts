import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)));
const FOLDER = process.env['FOURLIGHTS_CONFORMANCE'] ?? join(PROJECT, '..', 'shared', 'conformance');

const absent = !existsSync(FOLDER);

/** Data of public projects, kept beside the project. Where it is absent, what needs it is skipped and says so. */
export const conformance = {
  absent,
  /** For the title. */
  needs: absent ? `(skipped: no ${FOLDER})` : '',
  path: (path: string): string => join(FOLDER, path),
  read: (path: string): string => readFileSync(join(FOLDER, path), 'utf8'),
};

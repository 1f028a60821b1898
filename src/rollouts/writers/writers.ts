import type { Table } from '../../core/table.js';
import { flagdFile } from './flagd-file.js';
import { unleash } from './unleash.js';
import { webhook } from './webhook.js';
import type { Writer } from './writer.js';

/** Where decisions can be written to. A new one is a file and a line here. */
export const writers = { webhook, unleash, 'flagd-file': flagdFile } as const satisfies Table<
  (options: never) => Writer
>;

import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Writer } from './writer.js';

export interface FlagdFileOptions {
  readonly path: string;
}

let files = 0;

/**
 * Disables a flag that was taken back in a flagd file, which flagd, a mounted volume, or `flags: { source: path }` follows. The
 * file is replaced as a whole, with its permissions, and all else in it stays; what cannot be read as such a file is not touched.
 * Of several processes that share the file each writes the same.
 */
export function flagdFile({ path }: FlagdFileOptions): Writer {
  return {
    name: `flagd file ${path}`,
    wants: ({ event }) => event === 'rollout_rolled_back',
    write: async ({ flag }) => {
      const text = await readFile(path, 'utf8');
      const document: unknown = JSON.parse(text);
      const found = flagIn(document, flag);
      if (found === undefined) throw new Error(`${path} has no flag "${flag}"`);
      if (found['state'] === 'DISABLED') return;
      found['state'] = 'DISABLED';
      const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
      await replaced(path, `${JSON.stringify(document, null, indent)}\n`);
    },
  };
}

function flagIn(document: unknown, key: string): Record<string, unknown> | undefined {
  const flags = isObject(document) ? document['flags'] : undefined;
  const flag = isObject(flags) && Object.hasOwn(flags, key) ? flags[key] : undefined;
  return isObject(flag) ? flag : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function replaced(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  const beside = `${path}.${process.pid}.${files++}`;
  try {
    await writeFile(beside, text, { flag: 'wx' });
    await chmod(beside, mode);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw cause;
  }
}

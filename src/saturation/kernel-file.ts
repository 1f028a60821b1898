import { closeSync, openSync, readSync } from 'node:fs';

/** Used again for every read: nothing here waits between the first and the last line. */
const buffer = Buffer.alloc(16_384);

/**
 * The text of a small file of the kernel's; `undefined` when it cannot be read. A probe reads several per tick, and this
 * costs half of what `readFileSync` does, which first asks for the size that these files do not have.
 */
export function readText(file: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    let text = '';
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer))
      text += buffer.toString('latin1', 0, size);
    return text;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const BLOCK_MS = 4; // of wall time, to size a block by
const MOST = 4_000_000;

/** Checks that said yes: counted, so that no check is optimised away. */
export let yes = 0;

/** CPU ns of one check, over so many of them and 1024 users in turn. */
export function block(check, key, people, size) {
  const before = process.cpuUsage();
  for (let i = 0; i < size; i++) if (check(key, people[i & 1023])) yes++;
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / size;
}

/** Checks that take about one block's time. */
export function sizeOf(check, key, people) {
  for (let size = 1024; ; size *= 2) {
    const began = performance.now();
    block(check, key, people, size);
    if (performance.now() - began >= BLOCK_MS || size >= MOST) return size;
  }
}

import type { Host } from '../service/host.js';

const LINE_BYTES = 1000;

/** Some 1000 bytes a line, as fast as the loop turns; the longest standstill meanwhile is the figure. */
export async function flooded(
  host: Host,
  mb: number,
): Promise<{ readonly lines: number; readonly standstillMs: number }> {
  const lines = Math.ceil((mb * 2 ** 20) / LINE_BYTES);
  const standstillMs = await host.run(
    async ({ lib, standstill, argument: { lines, pad } }) => {
      standstill();
      for (let i = 0; i < lines; i++) {
        lib.log.info({ i, pad }, 'line');
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return standstill();
    },
    { lines, pad: 'x'.repeat(LINE_BYTES - 130) },
  );
  return { lines, standstillMs };
}

/** One more line that can be told from the flood. */
export const wrote = (host: Host, i: number): Promise<void> =>
  host.run(({ lib, argument }) => lib.log.info({ i: argument }, 'last'), i);

/** Lines of the flood that are whole. */
export const linesOf = (text: string): number =>
  text.split('\n').filter((line) => line.endsWith('"event":"line"}')).length;

/** What was said on stderr. */
export const toldOf = (host: Host): string[] =>
  host.stderr.split('\n').filter((line) => line.startsWith('fourlights: '));

/** Lines that wait, in MiB, as the admin surface of the service has them. */
export async function pendingMb(host: Host): Promise<number> {
  const lines = await host.run(async ({ observability }) => {
    const port = await observability.admin.port;
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`);
    return ((await answer.json()) as { lines: { pending: number } }).lines.pending;
  });
  return (lines * LINE_BYTES) / 2 ** 20;
}

/** From SIGTERM to the end, ms. */
export async function ended(host: Host): Promise<number> {
  const began = performance.now();
  host.kill('SIGTERM');
  const ending = await host.ended;
  if (ending.signal !== 'SIGTERM') throw new Error(`ended by ${JSON.stringify(ending)}`);
  return performance.now() - began;
}

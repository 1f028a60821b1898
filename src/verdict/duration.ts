const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

const LONGEST_S = 366 * 86_400;

/** `90s`, `10m`, `1h30m` as seconds, at most a year; `undefined` for anything else. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(\d+[smh])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smh])/g)) seconds += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return seconds <= LONGEST_S ? seconds : undefined;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const satisfies Readonly<Record<string, number>>;

type Unit = keyof typeof SECONDS;

/** A number of seconds, or a number with its unit: `30`, `'30s'`, `'5m'`, `'1h'`, `'30d'`. */
export type Duration = number | `${number}${Unit}`;

/** Seconds of a duration; `undefined` for what is none. Rules also come from files, so the type alone is no promise. */
export function secondsOf(duration: unknown): number | undefined {
  if (typeof duration === 'number') return duration >= 0 && duration < Number.POSITIVE_INFINITY ? duration : undefined;
  const parts = typeof duration === 'string' ? /^(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(duration) : null;
  return parts === null ? undefined : Number(parts[1]) * SECONDS[parts[2] as Unit]; // one of the four, as it matched
}

/** The shortest way to write so many seconds in whole units: `90s`, `5m`, `30d`. */
export function durationText(seconds: number): string {
  const units = Object.keys(SECONDS).reverse() as Unit[];
  const unit = units.find((name) => seconds > 0 && seconds % SECONDS[name] === 0) ?? 's';
  return `${seconds / SECONDS[unit]}${unit}`;
}

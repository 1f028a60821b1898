const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const satisfies Readonly<Record<string, number>>;

type Unit = keyof typeof SECONDS;
type Part = `${number}${'' | ' '}${Unit}`;

/** Seconds as a number or its text, or times with their units: `30`, `'30'`, `'30s'`, `'1.5 h'`, `'1h30m'`. Units: ms, s, m, h, d. */
export type Duration = number | `${number}` | Part | `${Part}${Part}`;

/** What a refusal says that it expects. */
export const A_DURATION = 'seconds, or a time such as 90s, 5m, 1h30m, 30d';

const WHOLE = /^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)? ?(?:ms|[smhd]))+)$/;
const PARTS = /(\d+(?:\.\d+)?) ?(ms|[smhd])?/g;

/** Seconds of a duration; `undefined` for what is none. Durations also come from files and commands, so the type alone is no promise. */
export function secondsOf(duration: unknown): number | undefined {
  if (typeof duration === 'number') return lasting(duration);
  if (typeof duration !== 'string' || !WHOLE.test(duration)) return undefined;
  let seconds = 0;
  for (const [, count, unit = 's'] of duration.matchAll(PARTS)) seconds += Number(count) * SECONDS[unit as Unit]; // as it matched
  return lasting(seconds);
}

/** Whole milliseconds of a duration. */
export function millisecondsOf(duration: unknown): number | undefined {
  const seconds = secondsOf(duration);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

/** The shortest way to write so many seconds as a whole number of one unit, as Prometheus reads it: `90s`, `5m`, `30d`, `1500ms`. */
export function durationText(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${Math.round(seconds * 1000)}ms`;
  const unit = (['d', 'h', 'm'] as const).find((name) => seconds > 0 && seconds % SECONDS[name] === 0) ?? 's';
  return `${seconds / SECONDS[unit]}${unit}`;
}

function lasting(seconds: number): number | undefined {
  return seconds >= 0 && seconds < Number.POSITIVE_INFINITY ? seconds : undefined;
}

/** Under 20 samples a percentile says nothing. */
export const DASH = '–';

export function seconds(value: number | null | undefined): string {
  return value === null || value === undefined ? DASH : milliseconds(value * 1000);
}

export function milliseconds(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${digits(ms, 2)} ms`;
  if (ms < 1000) return `${digits(ms, 3)} ms`;
  return ms < 60_000 ? `${digits(ms / 1000, 3)} s` : age(ms);
}

export function percent(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? DASH : `${digits(ratio * 100, ratio * 100 >= 100 ? 3 : 2)} %`;
}

export function count(value: number): string {
  if (value < 10_000) return String(value);
  return value < 1e6 ? `${digits(value / 1e3, 3)} k` : `${digits(value / 1e6, 3)} M`;
}

export function rate(value: number | null): string {
  return value === null ? DASH : digits(value, value < 100 ? 2 : 3);
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${digits(rest, 3)} ${units[unit]}`;
}

export function digits(value: number, precision: number): string {
  if (!Number.isFinite(value)) return DASH;
  const rounded = Number(value.toPrecision(precision));
  return Math.abs(rounded) >= 1e6 ? String(Math.round(rounded)) : String(rounded);
}

/** `3 s`, `5 min`, `2 h`: the largest unit alone. */
export function age(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 90) return `${s} s`;
  if (s < 90 * 60) return `${Math.round(s / 60)} min`;
  return s < 36 * 3600 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} d`;
}

export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hour12: false });
}

/** A reading by what its name ends in: the unit. */
export function reading(name: string, value: number): string {
  if (name.endsWith('_bytes')) return bytes(value);
  if (name.endsWith('_seconds')) return seconds(value);
  if (name.endsWith('_ratio')) return percent(value);
  return digits(value, 4);
}

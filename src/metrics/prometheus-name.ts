import type { Family } from './family.js';

/** UCUM codes and Prometheus's words for them (OpenTelemetry specification, "Prometheus and OpenMetrics compatibility"). */
const UNITS: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

/** The unit as it stands in a name and in HELP; empty for what is counted (`1`, `{request}`), save a gauge's `1`, a ratio. */
export function unitWord(family: Pick<Family, 'unit' | 'type'>): string {
  const { unit, type } = family;
  if (unit === '1') return type === 'gauge' ? 'ratio' : '';
  if (Object.hasOwn(UNITS, unit)) return UNITS[unit] as string;
  return safe(unit.replace(/\{[^}]*\}/g, '').replaceAll('/', '_per_')).replace(/^_+|_+$/g, '');
}

/**
 * The name without `_total`, `_bucket` and so on. `.count` at the end becomes the plural of what is counted
 * (`db.client.connection.count`: `db_client_connections`), as `_count` belongs to histograms.
 */
export function baseName(family: Pick<Family, 'name' | 'unit' | 'type' | 'foreign'>): string {
  if (family.foreign) return family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  const plain = safe(family.type === 'counter' ? family.name.replace(/[._]total$/, '') : family.name);
  const name = plain.replace(/_count$/, family.type === 'gauge' || family.type === 'counter' ? 's' : '');
  const unit = unitWord(family);
  return unit === '' || name === unit || name.endsWith(`_${unit}`) ? name : `${name}_${unit}`;
}

export function labelName(name: string): string {
  return safe(name);
}

/** `[a-zA-Z_][a-zA-Z0-9_]*`; colons are for recording rules. */
function safe(name: string): string {
  const text = name.replace(/[^a-zA-Z0-9_]+/g, '_');
  return /^[0-9]/.test(text) ? `_${text}` : text;
}

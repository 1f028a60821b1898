import type { EvaluationContext } from '../flags/evaluation.js';

type Properties = Record<string, string | number>;

/** What Unleash looks at: its own fields, and all else under `properties`. */
export interface UnleashContext {
  [field: string]: string | number | Date | Properties | undefined;
  properties: Properties;
}

const FIELDS: readonly string[] = ['userId', 'sessionId', 'remoteAddress', 'environment', 'appName'];

/** The targeting key is Unleash's `userId`, unless the context has one. Booleans go as text, as Unleash compares text. */
export function unleashContext(context: EvaluationContext): UnleashContext {
  const properties: Properties = Object.create(null);
  const mapped: UnleashContext = { properties };
  if (context.targetingKey !== undefined) mapped['userId'] = context.targetingKey;
  for (const [key, value] of Object.entries(context)) {
    if (key === 'properties') addAll(properties, value);
    else if (key === 'currentTime') mapped['currentTime'] = timeOf(value);
    else if (FIELDS.includes(key)) add(mapped, key, value);
    else if (key !== 'targetingKey') add(properties, key, value);
  }
  return mapped;
}

function addAll(to: Properties, values: unknown): void {
  if (typeof values !== 'object' || values === null) return;
  for (const [key, value] of Object.entries(values)) add(to, key, value);
}

function add(to: Record<string, unknown>, key: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number') to[key] = value;
  else if (typeof value === 'boolean') to[key] = String(value);
}

function timeOf(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  return typeof value === 'string' || typeof value === 'number' ? new Date(value) : undefined;
}

/** The values that each attribute may have: a closed set, given when the metric is declared. */
export type AttributeSets = Readonly<Record<string, readonly string[]>>;

/** One value of each attribute. */
export type AttributesOf<A extends AttributeSets> = { readonly [K in keyof A]: A[K][number] };

export type MetricKind = 'counter' | 'gauge' | 'timer';

export interface MetricOptions<A extends AttributeSets> {
  /** What one of it is, in UCUM: `{order}`, `EUR`, `By`; of a timer always `s`. */
  readonly unit: string;
  /** What someone does when it moves: a metric that nobody acts on is not worth its keep. */
  readonly action: string;
  /** @default none */
  readonly attributes?: A | undefined;
}

export interface TimerOptions<A extends AttributeSets> extends MetricOptions<A> {
  /** Bucket edges in seconds, rising. @default OpenTelemetry's 14 */
  readonly buckets?: readonly number[] | undefined;
}

/** A metric was declared wrongly, or twice in different ways. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
}

const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,99}$/;
const ATTRIBUTE = /^[A-Za-z][A-Za-z0-9_.]{0,49}$/;
/** As OpenTelemetry has it. */
const UNIT = /^[!-~]{1,63}$/;
const MAX_ATTRIBUTES = 5;
const MAX_VALUES = 100;
const MAX_EDGES = 50;

type Given = Readonly<Record<string, unknown>>;

/** Throws one `MetricError` with all that is wrong, and how it should be written. */
export function checkDeclaration(kind: MetricKind, name: string, options: unknown): void {
  const given: Given = typeof options === 'object' && options !== null ? { ...options } : {};
  const wrong = [
    ...(NAME.test(name) ? [] : ['the name must be letters, digits, "_" and ".", a letter first, at most 100']),
    ...unitFaults(kind, given['unit']),
    ...actionFaults(given['action']),
    ...attributeFaults(given['attributes']),
    ...bucketFaults(kind, given['buckets']),
  ];
  if (wrong.length === 0) return;
  const unit = kind === 'timer' ? 's' : '{order}';
  throw new MetricError(
    `${kind}(${JSON.stringify(name)}): ${wrong.join('; ')}. ` +
      `Write: ${kind}('orders.placed', { unit: '${unit}', action: 'falls: check the payment provider' }).`,
  );
}

function unitFaults(kind: MetricKind, unit: unknown): string[] {
  if (unit === undefined) return ['unit is missing'];
  if (typeof unit !== 'string' || !UNIT.test(unit)) return ['unit must be 1 to 63 ASCII characters without blanks'];
  return kind === 'timer' && unit !== 's' ? [`unit must be "s", as a timer counts seconds, got "${unit}"`] : [];
}

function actionFaults(action: unknown): string[] {
  if (action === undefined) return ['action is missing: what does someone do when it moves?'];
  const isText = typeof action === 'string' && action.trim() !== '' && action.length <= 500;
  return isText ? [] : ['action must be a text of 1 to 500 characters'];
}

function attributeFaults(attributes: unknown): string[] {
  if (attributes === undefined) return [];
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    return ["attributes must be lists of values by name, as { plan: ['free', 'pro'] }"];
  const sets: [string, unknown][] = Object.entries(attributes);
  const many = sets.length > MAX_ATTRIBUTES ? [`there are ${sets.length} attributes, at most ${MAX_ATTRIBUTES}`] : [];
  return [...many, ...sets.flatMap(([name, values]) => setFaults(name, values))];
}

function setFaults(name: string, values: unknown): string[] {
  if (!ATTRIBUTE.test(name))
    return [`attribute "${name}" must be letters, digits, "_" and ".", a letter first, at most 50`];
  const isSet =
    Array.isArray(values) &&
    values.length > 0 &&
    values.length <= MAX_VALUES &&
    values.every((value) => typeof value === 'string' && value !== '' && value.length <= 100) &&
    new Set(values).size === values.length;
  return isSet ? [] : [`attribute "${name}" needs a list of 1 to ${MAX_VALUES} different texts`];
}

function bucketFaults(kind: MetricKind, buckets: unknown): string[] {
  if (buckets === undefined) return [];
  if (kind !== 'timer') return ['buckets are for timers'];
  const isRising =
    Array.isArray(buckets) &&
    buckets.length > 0 &&
    buckets.length <= MAX_EDGES &&
    buckets.every((edge, i) => Number.isFinite(edge) && edge > (i === 0 ? 0 : buckets[i - 1]));
  return isRising ? [] : [`buckets must be 1 to ${MAX_EDGES} rising numbers of seconds above 0`];
}

/** The same for two declarations that may share their series, whatever the order of attributes and values. */
export function shapeOf(
  kind: MetricKind,
  { unit, action, attributes = {}, buckets }: TimerOptions<AttributeSets>,
): string {
  const sets = Object.entries(attributes).map(([name, values]) => [name, [...values].sort()]);
  return JSON.stringify([
    kind,
    unit,
    action,
    sets.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    buckets ?? null,
  ]);
}

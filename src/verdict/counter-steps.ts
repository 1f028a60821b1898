/** One series as Prometheus gives it over a range: `[seconds, value]`, the value as text. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/**
 * What counters grew by at each step. A counter that falls has begun anew with its process, and grew by what it has. One
 * that is seen for the first time grew by nothing: how old it is nobody knows. Where it was missing for a while, all that it
 * grew by comes at once.
 *
 * `counted`: a series of the same process that is always there. A counter of errors comes into being with the first
 * error: it was 0 while that one was there.
 */
export function steps(series: Series, times: readonly number[], counted?: Series): Float64Array {
  const values = byTime(series);
  const others = counted === undefined ? undefined : byTime(counted);
  let last: number | undefined;
  return Float64Array.from(times, (time) => {
    const value = values.get(time) ?? (last === undefined && others?.has(time) ? 0 : undefined);
    if (value === undefined) return 0;
    const grown = last === undefined ? 0 : value < last ? value : value - last;
    last = value;
    return grown;
  });
}

function byTime({ values }: Series): Map<number, number> {
  return new Map(values.map(([time, value]) => [time, Number(value)]));
}

/** Which services the rules are for, and how Prometheus tells them and their processes apart. */
export interface Scope {
  /** The value of `serviceLabel` that the rules are for; all services when left out. */
  readonly service?: string | undefined;
  /** The label that is the same for all processes of a service. @default 'job' */
  readonly serviceLabel?: string | undefined;
  /** The label that tells its processes apart. @default 'instance' */
  readonly instanceLabel?: string | undefined;
}

/** PromQL of one scope. */
export interface Selectors {
  readonly service: string;
  readonly instance: string;
  /** The metric's series of the scope: `of('up', 'a="b"')` is `up{job="checkout",a="b"}`. */
  of(metric: string, ...matchers: readonly string[]): string;
}

export function selectors({ service, serviceLabel = 'job', instanceLabel = 'instance' }: Scope): Selectors {
  const own = service === undefined ? [] : [equal(serviceLabel, service)];
  return {
    service: serviceLabel,
    instance: instanceLabel,
    of: (metric, ...matchers) => {
      const all = [...own, ...matchers];
      return all.length === 0 ? metric : `${metric}{${all.join(',')}}`;
    },
  };
}

export function equal(label: string, value: string): string {
  return `${label}=${quoted(value)}`;
}

export function matchers(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([label, value]) => equal(label, value));
}

/** A text of PromQL: JSON's escapes are a subset of Go's. */
export function quoted(value: string): string {
  return JSON.stringify(value);
}

export type Labels = Readonly<Record<string, string>>;

/** What a signal is now, of one route, dependency, or whatever it is of. */
export interface Reading {
  /** Tells it from the others of its signal; empty where there is but one. */
  readonly key: string;
  /** The same, as labels of an alert. */
  readonly labels: Labels;
  /** `null`: nothing is known. */
  readonly value: number | null;
  /** How many requests or calls it is made of; 0 of what is not made of such. */
  readonly samples: number;
}

const NO_LABELS: Labels = {};

/** Of the whole service. */
export function single(value: number | null, samples = 0): Reading {
  return { key: '', labels: NO_LABELS, value, samples };
}

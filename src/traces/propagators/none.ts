import type { Propagator } from './propagator.js';

/** Reads and writes nothing; beside other names it changes nothing. */
export const none: Propagator = {
  name: 'none',
  fields: [],
  extract: () => undefined,
  inject: () => {},
};

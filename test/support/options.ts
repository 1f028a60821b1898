import { ConfigError, check } from '../../src/config/config-error.js';
import { schema } from '../../src/config/rules.js';

/** What `observe()` would say of these options. */
export function problemsOf(options: unknown): readonly string[] {
  try {
    check(options, schema);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

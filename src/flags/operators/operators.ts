import type { Operator } from '../rule.js';
import { arithmetic } from './arithmetic.js';
import { comparisons } from './comparison.js';
import { splits } from './fractional.js';
import { lists } from './lists.js';
import { logic } from './logic.js';
import { versions } from './sem-ver.js';
import { text } from './text.js';
import { variables } from './variables.js';

/** All that a rule can say. A new operator is a line in one of these tables. */
export const operators = {
  ...variables,
  ...comparisons,
  ...logic,
  ...arithmetic,
  ...text,
  ...lists,
  ...versions,
  ...splits,
} as const satisfies Readonly<Record<string, Operator>>;

export function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(operators, name) ? operators[name as keyof typeof operators] : undefined; // own, as just asked
}

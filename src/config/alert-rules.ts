import { sinks } from '../alerts/sinks/sinks.js';
import { flag, isObject, listOf, rule } from './rule.js';

/** What a rule or objective must be is said by the lint, one by one: a wrong one must not end the service. */
const isDeclaration = (value: unknown): boolean => isObject(value) && !Array.isArray(value);

const isSink = (value: unknown): boolean =>
  typeof value === 'function' ||
  (typeof value === 'string' && Object.hasOwn(sinks, value.split(':')[0] ?? '')) ||
  (isObject(value) && ('deliver' in value || ('to' in value && 'url' in value)));

/** Given as a list, it is a list of rules. */
export const alerts = {
  defaults: flag,
  rules: rule('a list of alert rules', (value) => listOf(value, isDeclaration)),
  objectives: rule('a list of objectives', (value) => listOf(value, isDeclaration)),
  sinks: rule(`a list of ${Object.keys(sinks).join(', ')} with an address, functions, or { deliver() }`, (value) =>
    listOf(value, isSink),
  ),
};

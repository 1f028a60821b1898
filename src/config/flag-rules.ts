import { flag, isObject, isText, rule, text } from './rule.js';

const isSource = (value: unknown): boolean =>
  isText(value) || (isObject(value) && 'start' in value && typeof value.start === 'function');

export const flags = {
  source: rule('a path, an address, a source, or a list of them in order of priority', (value) =>
    Array.isArray(value) ? value.every(isSource) : isSource(value),
  ),
  backup: text,
  context: rule(
    'an object of attributes, or a function that answers with one',
    (value) => typeof value === 'function' || (isObject(value) && !Array.isArray(value)),
  ),
  allowMassRemoval: flag,
  strict: flag,
};

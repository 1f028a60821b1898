import { parseArgs } from 'node:util';
import { BASELINE, variants } from '../variants.mjs';

/** @param {string[]} argv */
export function options(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      variants: { type: 'string', default: Object.keys(variants).join() },
      node: { type: 'string', default: process.execPath },
      json: { type: 'string' },
    },
  });
  const asked = values.variants.split(',');
  for (const name of asked) {
    if (Object.hasOwn(variants, name)) continue;
    throw new Error(`unknown variant "${name}", known: ${Object.keys(variants).join(', ')}`);
  }
  return {
    rounds: count('rounds', values.rounds, 100),
    seconds: count('seconds', values.seconds, 600),
    variants: [...new Set([BASELINE, ...asked])], // everything is told relative to the baseline
    node: values.node,
    json: values.json,
  };
}

function count(name, text, most) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} must be a whole number from 1 to ${most}, got "${text}"`);
}

import { parseArgs } from 'node:util';
import { LAST_RUN } from '../report/write.mjs';
import { rooms } from '../rooms.mjs';
import { variants } from '../variants.mjs';

/** @param {string[]} argv */
export function options(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean', default: false },
      nodes: { type: 'string', default: '20,24' },
      rooms: { type: 'string' },
      variants: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      requests: { type: 'string', default: '1000000' },
      against: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { quick } = values;
  const whole = values.rooms === undefined && values.variants === undefined;
  const names = list('variant', values.variants, variants);
  return {
    quick,
    nodes: values.nodes.split(','),
    rooms: list('room', values.rooms, rooms) ?? (names ? ['service'] : Object.keys(rooms)),
    whole,
    names,
    rounds: count('rounds', values.rounds ?? (quick ? '1' : '3'), 100),
    seconds: count('seconds', values.seconds ?? (quick ? '2' : '3'), 600),
    requests: count('requests', values.requests, 10_000_000, 1_000_000),
    against: values.against,
    json: values.json ?? (whole ? LAST_RUN : undefined),
  };
}

function list(what, text, known) {
  const asked = text?.split(',');
  for (const name of asked ?? []) {
    if (!Object.hasOwn(known, name)) {
      throw new Error(`unknown ${what} "${name}", known: ${Object.keys(known).join(', ')}`);
    }
  }
  return asked;
}

function count(name, text, most, least = 1) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}, got "${text}"`);
}

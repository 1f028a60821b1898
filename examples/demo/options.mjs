export const HELP = `Usage: npm run demo -- [--for <time>]

Starts five services and a real database on loopback, sends them requests, and shows their four golden signals.

  --for <time>  how long requests are sent: 15s, 2m, 500ms; at most 24h. Without it: until Ctrl-C.
  --help        shows this text
`;

/** What was typed cannot be understood; the message says what would be. */
export class UsageError extends Error {}

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * UNITS_MS.h;

/**
 * @param {readonly string[]} args
 * @returns {{ help: boolean, forMs: number | undefined }}
 */
export function parseOptions(args) {
  const options = { help: false, forMs: undefined };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help' || arg === '-h') options.help = true;
    else if (arg === '--for') options.forMs = parseDuration(rest.shift());
    else if (arg.startsWith('--for=')) options.forMs = parseDuration(arg.slice('--for='.length));
    else throw new UsageError(`unknown option ${JSON.stringify(arg)}; known: --for <time>, --help`);
  }
  return options;
}

/**
 * @param {string | undefined} text
 * @returns {number} milliseconds
 */
export function parseDuration(text) {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text ?? '') ?? [];
  const ms = Number(amount) * UNITS_MS[unit];
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  const got = text === undefined ? 'nothing' : JSON.stringify(text);
  throw new UsageError(`--for expects a time of up to 24h such as 15s, 2m or 500ms, got ${got}`);
}

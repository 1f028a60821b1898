import { SUBJECT } from '../variants.mjs';

const HEAD = ['variant', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', '× bare', 'added µs'];

/** What goes into the docs as it is. */
export function markdown({ machine, options, rows, shares, failures }) {
  const lines = [
    `Node ${machine.node}, ${machine.date}, ${machine.cores} cores (${machine.cpu}), ` +
      `load average ${machine.loadBefore} before and ${machine.loadAfter} after, ` +
      `${machine.pinned ? 'server on core 0, load on core 1' : 'not pinned: taskset or a second core is missing'}.`,
    `Rounds: ${options.rounds} of ${options.seconds} s, 20 connections. Median (min..max over the rounds).`,
    '',
    row(HEAD),
    row(HEAD.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(cells).map(row),
  ];
  for (const { rival, share } of shares) {
    const told = share ? range(share, 2) : `cannot be told: ${rival} added nothing in some round`;
    lines.push('', `Added CPU of ${SUBJECT} / added CPU of ${rival}: ${told}`);
  }
  for (const { variant, spansPerRequest, spanShare } of rows) {
    if (spanShare === null) continue;
    const delivered = (spanShare.median * 100).toFixed(1);
    lines.push(
      '',
      `${variant}: ${spansPerRequest.median.toFixed(2)} spans per request reached the sink, ${delivered} %.`,
    );
  }
  for (const { variant, round, message } of failures) {
    lines.push('', `**${variant} has no figures**: it failed in round ${round}: ${message.split('\n')[0]}`);
  }
  return lines.join('\n');
}

function cells({ variant, requestsPerSecond, p50Ms, p99Ms, cpuUs, ratio, addedUs }) {
  const fixed = ({ median }, digits) => median.toFixed(digits);
  return [
    variant,
    fixed(requestsPerSecond, 0),
    fixed(p50Ms, 2),
    fixed(p99Ms, 2),
    fixed(cpuUs, 0),
    range(ratio, 2),
    range(addedUs, 0),
  ];
}

const range = ({ median, min, max }, digits) =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;
const row = (values) => `| ${values.join(' | ')} |`;

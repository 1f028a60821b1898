import { shortened } from './paint.mjs';

/** @typedef {import('fourlights').GoldenSignals} GoldenSignals */
/** @typedef {import('fourlights').RouteSignals} RouteSignals */
/** @typedef {import('./paint.mjs').Palette} Palette */
/**
 * `loadSeconds`: how long there had been requests. A service counts from its own start, so its rate is put right for
 * the time that it waited for the others.
 * @typedef {{ service: string, signals: GoldenSignals, loadSeconds?: number }} Row
 */

const HIGH_ERRORS = 0.01;
const HIGH_SATURATION = 0.8;
const ALARM = '!';

export const LEGEND = `latency in ms; saturation: fullest resource, 1 is full; ${ALARM} errors over 1 %, saturation over 0.8`;

/** Short names, so that a row fits 100 columns. */
const RESOURCES = {
  'event-loop-utilization': 'loop',
  'event-loop-delay': 'delay',
  'disk-space-cwd': 'disk',
  'disk-space-tmp': 'tmp',
  'disk-io': 'io',
  'file-descriptors': 'fds',
  'thread-pool-estimate': 'pool',
  'pressure-cpu': 'psicpu',
  'pressure-memory': 'psimem',
  'pressure-io': 'psiio',
  'http-agent': 'agent',
};

const COLUMNS = [
  { title: 'service', width: 15, left: true },
  { title: 'route', width: 19, left: true, gap: 2 },
  { title: 'p50', width: 6, gap: 2 },
  { title: 'p95', width: 6 },
  { title: 'p99', width: 6 },
  { title: 'req/s', width: 6 },
  { title: 'errors', width: 8, alarms: true },
  { title: 'in flight', width: 9 },
  { title: 'saturation', width: 13, left: true, gap: 2, alarms: true },
];

/**
 * The four golden signals as lines of at most 100 columns: one for each route, and one for a service without any.
 * What belongs to a whole service, in flight and saturation, stands on its first line.
 * @param {Iterable<Row>} services
 * @param {Palette} paint
 */
export function table(services, paint) {
  const titles = COLUMNS.map(({ title }) => title);
  const rows = [...services].flatMap(rowsOf);
  return [paint.bold(line(titles, paint)), ...rows.map((cells) => line(cells, paint))];
}

/** @param {Row} row */
function rowsOf({ service, signals, loadSeconds = Number.POSITIVE_INFINITY }) {
  const { routes, traffic, saturation, windowSeconds } = signals;
  const stretch = windowSeconds > loadSeconds ? windowSeconds / Math.max(loadSeconds, 0.1) : 1;
  const sorted = routes.toSorted((a, b) => a.route.localeCompare(b.route) || a.method.localeCompare(b.method));
  const ofRoutes =
    sorted.length === 0 ? [['-', '-', '-', '-', '-', '-']] : sorted.map((route) => cellsOf(route, stretch));
  return ofRoutes.map((cells, index) =>
    index === 0 ? [service, ...cells, String(traffic.inFlight), resource(saturation)] : ['', ...cells, '', ''],
  );
}

/** @param {RouteSignals} signals */
function cellsOf({ method, route, latency, traffic, errors }, stretch) {
  const { p50, p95, p99 } = latency;
  const rate = traffic.requestsPerSecond * stretch;
  return [`${method} ${route}`, ms(p50), ms(p95), ms(p99), rate.toFixed(1), share(errors.ratio)];
}

function ms(seconds) {
  if (seconds === null) return '-';
  const value = seconds * 1000;
  return value.toFixed(value < 99.95 ? 1 : 0);
}

function share(ratio) {
  if (ratio === null) return '-';
  const percent = `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.1 ? 1 : 0)} %`;
  return ratio > HIGH_ERRORS ? `${ALARM} ${percent}` : percent;
}

/** @param {GoldenSignals['saturation']} saturation */
function resource({ worst, ratio }) {
  if (worst === null || ratio === null) return '-';
  const text = `${RESOURCES[worst] ?? shortened(worst, 6)} ${ratio.toFixed(2)}`;
  return ratio > HIGH_SATURATION ? `${text} ${ALARM}` : text;
}

function line(cells, paint) {
  const parts = COLUMNS.map(({ width, left, gap = 1, alarms }, index) => {
    const text = shortened(cells[index], width);
    const padded = left ? text.padEnd(width) : text.padStart(width);
    const before = index === 0 ? '' : ' '.repeat(gap);
    return before + (alarms && text.includes(ALARM) ? paint.red(padded) : padded);
  });
  return parts.join('').trimEnd();
}

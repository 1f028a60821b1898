import { shortened } from './paint.mjs';

/** @typedef {import('./log-store.mjs').LogLine} LogLine */
/** @typedef {import('./log-store.mjs').LogStore} LogStore */
/** @typedef {import('./paint.mjs').Palette} Palette */

const WIDTH = 100;
/** Lines come over several pipes: a request that has ended this long ago is complete. */
const SETTLED_MS = 500;
/** Fields that every line has, or that the listing shows in a place of their own. */
const SHOWN_ELSEWHERE = new Set(
  'timestamp level event service version environment correlation_id trace_id span_id module duration_ms'.split(' '),
);

/**
 * The correlation ID of the slowest and of the latest failed request among those that `door` has answered.
 * @param {LogStore} store
 * @param {{ door: string, skip?: ReadonlySet<string>, nowMs: number }} options `door`: the service where requests enter
 * @returns {{ slow: string | undefined, failed: string | undefined }}
 */
export function pick(store, { door, skip = new Set(), nowMs }) {
  let slow;
  let slowestMs = 0;
  let failed;
  for (const id of store.ids()) {
    const answer = skip.has(id) ? undefined : exchangesOf(store.linesOf(id)).find(({ service }) => service === door);
    if (answer === undefined || Date.parse(answer.timestamp) > nowMs - SETTLED_MS) continue;
    if (answer.outcome === 'error') failed = id;
    if (answer.outcome === 'ok' && answer.duration_ms > slowestMs) {
      slow = id;
      slowestMs = answer.duration_ms;
    }
  }
  return { slow, failed };
}

/**
 * All that the services logged about one request, as lines of text: when, where, what. The line that the headline is
 * about is marked.
 * @param {readonly LogLine[]} lines
 * @param {{ door: string, paint: Palette }} options
 */
export function journey(lines, { door, paint }) {
  const exchanges = exchangesOf(lines);
  const answer = exchanges.find(({ service }) => service === door);
  const startedMs = startOf(answer);
  const failed = answer.outcome === 'error';
  const culprit = failed ? whereItFailed(exchanges) : whereTimeWent(exchanges, answer);
  const finding = failed
    ? `${culprit.service} failed first, with ${culprit.status ?? 'no answer'}`
    : `${ms(culprit.duration_ms)} ms of it in ${culprit.service}`;
  return [
    paint.bold(`${failed ? 'Failed' : 'Slow'} request, correlation ID ${answer.correlation_id}`),
    `${answer.method} ${answer.path} ${answer.status} after ${ms(answer.duration_ms)} ms; ${finding}`,
    paint.dim(row(['', '+ms', 'took ms', 'service', 'event', 'fields'])),
    ...inTimeOrder(lines).map((line) => entry(line, { startedMs, culprit, paint })),
  ];
}

function entry(line, { startedMs, culprit, paint }) {
  const bad = line.level !== 'info';
  const mark = line === culprit ? '>' : bad ? '!' : '';
  const at = Math.max(0, Math.round(Date.parse(line.timestamp) - startedMs));
  const took = typeof line.duration_ms === 'number' ? ms(line.duration_ms) : '';
  const text = row([mark, String(at), took, line.service, line.event, details(line)]);
  if (bad) return paint.red(text);
  return line === culprit ? paint.yellow(text) : text;
}

function exchangesOf(lines) {
  return lines.filter(({ event }) => event === 'http_request');
}

/** An exchange is logged at its end. */
function startOf({ timestamp, duration_ms: durationMs }) {
  return Date.parse(timestamp) - durationMs;
}

/** The shortest is the innermost: calls begin and end inside of the exchange that makes them. */
function innermost(exchanges) {
  return exchanges.toSorted((a, b) => a.duration_ms - b.duration_ms)[0];
}

function whereItFailed(exchanges) {
  return innermost(exchanges.filter(({ outcome }) => outcome === 'error'));
}

function whereTimeWent(exchanges, answer) {
  return innermost(exchanges.filter(({ duration_ms: durationMs }) => durationMs >= answer.duration_ms / 2));
}

/** Within one millisecond, an exchange comes after what happened in it, and an inner one before an outer one. */
function inTimeOrder(lines) {
  const rank = ({ event, duration_ms: durationMs }) => (event === 'http_request' ? durationMs : 0);
  return lines.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || rank(a) - rank(b));
}

function details(line) {
  if (line.event === 'http_request') {
    const { method, route, status = 'no answer', err } = line;
    return `${method} ${route} ${status}${err === undefined ? '' : `, ${err.message}`}`;
  }
  const own = Object.entries(line).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  return own.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');
}

function ms(value) {
  return value.toFixed(value < 99.95 ? 1 : 0);
}

/** Marked with `>`: what the headline is about; with `!`: what else was logged as a warning or an error. */
function row([mark, at, took, service, event, fields]) {
  const columns = [mark.padEnd(1), at.padStart(5), took.padStart(8), '', service.padEnd(15), event.padEnd(16), fields];
  return shortened(columns.join(' '), WIDTH).trimEnd();
}

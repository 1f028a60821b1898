import { setTimeout as delay } from 'node:timers/promises';
import { DOOR, startFlow } from './flow.mjs';
import { startLoad } from './load.mjs';
import { LogStore } from './log-store.mjs';
import { HELP, parseOptions, UsageError } from './options.mjs';
import { pageOf } from './page.mjs';
import { Services } from './processes.mjs';
import { startReceiver } from './receiver.mjs';
import { Screen } from './screen.mjs';
import { TraceStore } from './trace-store.mjs';

const REQUESTS_PER_SECOND = 40;
const FIRST_TABLE_MS = 1500;
const TABLE_EVERY_MS = 3000;
/** A slow and a failed request are shown after the third table, and then after every tenth. */
const TABLES_BEFORE = 3;
const TABLES_BETWEEN = 10;

const store = new LogStore();
const traces = new TraceStore();
const services = new Services({ onLine: keep, onDeath: mourn });
const screen = new Screen({ services, store, traces });
/** Where the spans of all services are passed on to, once it is there. */
let page;
/** Ctrl-C, the end of the time, a service that died: whatever ends the demo aborts this. */
const stopping = new AbortController();

const { help, forMs } = options();
if (help) screen.say(HELP.trimEnd());
else await demo();

async function demo() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
  process.stdout.on('error', () => stopping.abort()); // whoever read along has gone
  const receiver = await startReceiver((request, body) => {
    traces.add(request);
    page?.spans(body);
  });
  try {
    await run(receiver.url);
  } catch (error) {
    if (!stopping.signal.aborted) fail(error.message);
  }
  stopping.abort();
  const stopped = await services.stop();
  receiver.close();
  page?.close();
  screen.journeys({ ended: true });
  const { requests } = store.dropped;
  const dropped = requests === 0 ? '' : ` The log lines of the ${requests} oldest requests had to make room.`;
  screen.say('', `Stopped ${stopped} services.${dropped}`);
}

/** Waits until it is interrupted: its end is always an error, of `stopping` or of its own. */
async function run(tracesTo) {
  screen.say('Starting the services; the database takes a few seconds ...');
  const started = await startFlow(services, { tracesTo, signal: stopping.signal });
  screen.started(started);
  page = pageOf(started.find(({ service }) => service === DOOR));
  if (forMs !== undefined) setTimeout(() => stopping.abort(), forMs).unref();

  const loadBeganMs = Date.now();
  const load = startLoad(started.find(({ service }) => service === DOOR).url, REQUESTS_PER_SECOND);
  try {
    for (let tables = 1; ; tables++) {
      await delay(tables === 1 ? FIRST_TABLE_MS : TABLE_EVERY_MS, undefined, { signal: stopping.signal });
      screen.table({ loadBeganMs });
      if (tables % TABLES_BETWEEN === TABLES_BEFORE) screen.journeys({ ended: false });
    }
  } finally {
    const answers = await load.stop();
    screen.table({ loadBeganMs, unlessWithinMs: TABLE_EVERY_MS / 2 });
    screen.say('', `The load generator had ${answers} answers.`);
  }
}

/** A warning that belongs to no request is the service's own trouble, and nobody would see it otherwise. */
function keep(service, text) {
  const line = parsed(text);
  if (line?.correlation_id !== undefined) {
    store.add(line);
    if (service !== DOOR) page?.line(line); // it has its own
  } else if (line?.level !== 'info') screen.complain(`${service}: ${text}`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mourn(service, how) {
  if (!stopping.signal.aborted) fail(`${service} ended unexpectedly (${how}).`);
  stopping.abort();
}

function fail(message) {
  process.exitCode = 1;
  screen.complain(message);
}

function options() {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    screen.complain(`${error.message}\n\n${HELP.trimEnd()}`);
    return process.exit(2);
  }
}

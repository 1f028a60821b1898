import { discoverRoutes } from './adapters/discovery.js';
import { type Config, originOf, resolve } from './config/config.js';
import { fromEnvironment } from './config/environment.js';
import type { ObserveOptions } from './config/options.js';
import { type ContextTools, contextTools, correlationId } from './context/carrier.js';
import { DEFAULT_HEADERS } from './context/correlation.js';
import { store } from './context/store.js';
import { systemClock } from './core/clock.js';
import { diagnostics, type Notice } from './core/diagnostics.js';
import type { Observer } from './core/exchange.js';
import { Lifecycle } from './core/lifecycle.js';
import { slot } from './core/slot.js';
import { clientDoor, patchClients } from './http/client.js';
import { Entry } from './http/entry.js';
import { watchEscapes } from './http/escapes.js';
import { AllowedHosts } from './http/hosts.js';
import { ignoreRule } from './http/ignore.js';
import { door, patchServers } from './http/server.js';
import { accessLog } from './logs/access-log.js';
import { LEVELS } from './logs/levels.js';
import { type Log, rootLog } from './logs/logger.js';
import { ProcessLog } from './logs/state.js';
import { SaturationMonitor } from './saturation/monitor.js';
import { Signals, type SignalsReader } from './signals/signals.js';

/** What `observe()` returns: the same parts that the package exports by name. */
export interface Observability {
  readonly log: Log;
  readonly signals: SignalsReader;
  readonly context: ContextTools;
  readonly correlationId: () => string | undefined;
  /** What the library could not keep since the process began, by signal and reason. */
  readonly drops: () => Record<string, Record<string, number>>;
  readonly shutdown: (options?: ShutdownOptions) => Promise<ShutdownReport>;
}

export interface ShutdownOptions {
  /** Time that stopping may take, ms. @default `shutdownTimeoutMs` of `observe()`, 2000 */
  readonly timeoutMs?: number | undefined;
}

export interface ShutdownReport {
  readonly durationMs: number;
  readonly logs: { readonly written: number; readonly dropped: number };
  /** Parts that failed or did not stop in time, with the reason. Empty when all went well. */
  readonly failures: readonly string[];
}

interface Running {
  readonly observability: Observability;
  readonly headers: readonly [string, ...string[]];
  stop(timeoutMs: number | undefined): Promise<ShutdownReport>;
}

/** The process's one instance, whichever copy of the package made it. */
const instance: { running: Running | undefined } = slot('instance', () => ({ running: undefined }));

const processLog: ProcessLog = slot(
  'log.state',
  () =>
    new ProcessLog(() => ({
      origin: originOf({}, fromEnvironment(process.env)),
      clock: systemClock,
      threshold: LEVELS.info,
      redact: [],
      destination: 1,
    })),
);

export const log: Log = slot('log', () => rootLog(processLog));

export const context: ContextTools = contextTools(() => instance.running?.headers ?? DEFAULT_HEADERS);

const idle = new Signals(systemClock, () => ({ worst: null, ratio: null, resources: {} }));

/** The golden signals of this process; empty before `observe()`. */
export const signals: SignalsReader = {
  snapshot: (options) => (instance.running?.observability.signals ?? idle).snapshot(options),
  routes: (options) => (instance.running?.observability.signals ?? idle).routes(options),
};

/**
 * Wires everything, once per process: a second call returns the same instance and says so. Throws `ConfigError` for
 * options that are wrong, before anything has been started.
 */
export function observe(options: ObserveOptions = {}): Observability {
  if (instance.running !== undefined) {
    diagnostics.warn(
      'observe twice',
      'observe() was called again: the first call is in force, the new options are not used',
    );
    return instance.running.observability;
  }
  instance.running = compose(resolve(options, process.env));
  return instance.running.observability;
}

/** Stops all that `observe()` started, in reverse and in bounded time. Never rejects; without `observe()` there is nothing to stop. */
export async function shutdown({ timeoutMs }: ShutdownOptions = {}): Promise<ShutdownReport> {
  const running = instance.running;
  if (running === undefined) return { durationMs: 0, logs: { written: 0, dropped: 0 }, failures: [] };
  return running.stop(timeoutMs);
}

function compose(config: Config): Running {
  const lifecycle = new Lifecycle();
  const logs = { written: 0, dropped: 0 };
  openLog(config, lifecycle, logs);
  const saturation = new SaturationMonitor({ clock: systemClock, ...config.saturation });
  saturation.start();
  lifecycle.started('saturation', () => saturation.stop());
  const golden = new Signals(systemClock, () => saturation.read());
  const observers: Observer[] = [golden];
  if (config.log.accessLog !== undefined) observers.push(accessLog(processLog, config.log.accessLog));
  openHttp(config, observers, lifecycle);

  return {
    headers: config.http.correlationHeaders,
    observability: { log, signals: golden, context, correlationId, drops: () => diagnostics.drops(), shutdown },
    stop: async (timeoutMs = config.shutdownTimeoutMs) => {
      const report = await lifecycle.stop(timeoutMs);
      instance.running = undefined;
      return { ...report, logs };
    },
  };
}

/** The lines are closed before the time is up, so that the report can say how many were lost. */
const LOG_SHARE = 0.8;

function openLog({ origin, log }: Config, lifecycle: Lifecycle, counts: { written: number; dropped: number }): void {
  processLog.setUp({ origin, clock: systemClock, ...log });
  diagnostics.speakThrough(tell);
  lifecycle.started('logs', async (leftMs) => {
    diagnostics.speakThrough(undefined);
    Object.assign(counts, await processLog.drain(leftMs * LOG_SHARE));
  });
}

/** The library's own notices are log lines like all others. */
function tell({ code, message, cause, repeated }: Notice): void {
  const fields = { code, message, err: cause, repeated: repeated === 0 ? undefined : repeated };
  processLog.pair.own.warn(fields, 'fourlights_notice');
}

function openHttp({ http }: Config, observers: readonly Observer[], lifecycle: Lifecycle): void {
  const allowed = new AllowedHosts(http.propagateTo);
  const [name] = http.correlationHeaders;
  door.entry = new Entry({
    clock: systemClock,
    observers,
    correlationHeaders: http.correlationHeaders,
    ignores: ignoreRule(http.ignore),
    namer: http.route,
  });
  door.auto = http.auto;
  door.discover = discoverRoutes;
  clientDoor.outgoing = {
    headersFor: (origin) => {
      const current = store.getStore();
      return current !== undefined && allowed.allows(origin) ? [name, current.correlationId] : undefined;
    },
  };
  if (http.auto) patchServers();
  patchClients();
  watchEscapes();
  lifecycle.started('http', () => {
    door.entry = undefined;
    clientDoor.outgoing = undefined;
  });
}

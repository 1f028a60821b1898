import { type Context, store } from '../context/store.js';
import { diagnostics } from '../core/diagnostics.js';
import { isThreshold, LEVELS, type LevelName, nameOf, numberOf, THRESHOLDS, type Threshold } from './levels.js';
import type { Bindings, ChildLoggerOptions, PinoLogger, PinoPair } from './pino.js';
import { cleaned, isStandard, silentPino } from './pino.js';

/** What the library adds to pino's logger. */
interface LogExtras {
  child(bindings: Bindings, options?: ChildLoggerOptions): Log;
  /** The logger of one part of the application, always the same for one name, with a level of its own: `log.module('billing').level = 'debug'`. */
  module(name: string): Log;
  /** Sets the level for what is left of the current request alone; false outside of any request. */
  requestLevel(level: Threshold): boolean;
}

/** A pino logger whose lines carry the IDs of the request they are written in. Works before `observe()`. */
export type Log = LogExtras & PinoLogger;

/** What all loggers of the process stand on. Replaced as a whole by `observe()`; loggers made earlier follow. */
export interface LogState {
  pair: PinoPair;
  threshold: number;
}

const MAX_MODULES = 500;
const NO_BINDINGS: Bindings = {};

/** One logger: the root, a child, or a module. Its pino instance is made when first needed, and again when the state changes. */
class LogNode {
  readonly #state: LogState;
  readonly #parent: LogNode | undefined;
  readonly #options: ChildLoggerOptions;
  bindings: Bindings;
  ownThreshold: number | undefined;
  #base: PinoLogger | undefined;
  #pair: PinoPair | undefined;

  constructor(state: LogState, parent: LogNode | undefined, bindings: Bindings, options: ChildLoggerOptions) {
    this.#state = state;
    this.#parent = parent;
    this.#options = parent === undefined ? options : merged(parent.#options, options);
    this.bindings = bindings;
    this.ownThreshold = isThreshold(options.level) ? numberOf(options.level) : undefined;
  }

  get isRoot(): boolean {
    return this.#parent === undefined;
  }

  get threshold(): number {
    return this.ownThreshold ?? this.#parent?.threshold ?? this.#state.threshold;
  }

  enabled(level: number): boolean {
    const own = store.getStore()?.root.logLevel ?? 0;
    return level >= (own === 0 ? this.threshold : own);
  }

  child(bindings: Bindings, options: ChildLoggerOptions): LogNode {
    return new LogNode(this.#state, this, { ...this.bindings, ...bindings }, options);
  }

  rebind(bindings: Bindings): void {
    this.bindings = { ...this.bindings, ...bindings };
    this.#base = undefined;
  }

  write(level: LevelName, args: unknown[]): void {
    if (!this.enabled(LEVELS[level])) return;
    try {
      const { cleaner } = this.#state.pair;
      if (typeof args[0] === 'symbol') args[0] = String(args[0]); // pino writes what is no JSON for one as a message
      for (let i = 1; i < args.length; i++) {
        args[i] = typeof args[i] === 'symbol' ? String(args[i]) : cleaner.value(args[i]); // the first is cleaned as fields
      }
      const target = this.#target(store.getStore(), args[0]);
      Reflect.apply(target[level], target, args);
    } catch (cause) {
      diagnostics.report('a logged value', cause);
    }
  }

  /** The pino instance for this line: of the request when there is one, so that IDs are rendered once per request. */
  #target(context: Context | undefined, fields: unknown): PinoLogger {
    const base = this.#current();
    const taken = collisions(this.bindings, fields);
    if (taken !== undefined) return this.#pino({ ...without(this.bindings, taken) }, context);
    if (context === undefined) return base;
    if (context.logOwner !== base) {
      context.logOwner = base;
      context.logChild = base.child(ids(context));
    }
    return context.logChild as PinoLogger; // stored two lines above, for this very owner
  }

  #current(): PinoLogger {
    if (this.#base === undefined || this.#pair !== this.#state.pair) {
      this.#pair = this.#state.pair;
      this.#base = this.#pino(this.bindings, undefined);
    }
    return this.#base;
  }

  #pino(bindings: Bindings, context: Context | undefined): PinoLogger {
    const { app, cleaner } = this.#state.pair;
    const { serializers = {}, formatters, ...rest } = this.#options;
    const serialized = (name: string): boolean => isStandard(name) || Object.hasOwn(serializers, name);
    const own = cleaner.line(bindings, serialized);
    const format = formatters?.log ?? ((fields: object) => fields);
    const options: ChildLoggerOptions = {
      ...rest,
      level: 'trace',
      serializers: cleaned(serializers, cleaner),
      formatters: { log: (fields) => cleaner.line(format(fields) as Bindings, serialized) },
    };
    const child = own === NO_BINDINGS ? app : app.child(own, options);
    return context === undefined ? child : child.child(ids(context));
  }
}

function ids(context: Context): Bindings {
  return { correlation_id: context.correlationId, trace_id: context.traceId, span_id: context.spanId };
}

/** Bindings that a line's own fields repeat: pino would write both, and a key must not stand twice. The line's wins. */
function collisions(bindings: Bindings, fields: unknown): string[] | undefined {
  if (bindings === NO_BINDINGS || typeof fields !== 'object' || fields === null) return undefined;
  const given = fields as Bindings;
  const sole = soleField(given);
  const taken = Object.keys(bindings).filter((name) =>
    sole === undefined ? Object.hasOwn(given, name) && given[name] !== undefined : name === sole,
  );
  return taken.length === 0 ? undefined : taken;
}

/** pino makes one field of a request, a response or an error that is logged by itself. */
function soleField(fields: Bindings): string | undefined {
  if (fields['method'] && fields['headers'] && fields['socket']) return 'req';
  if (typeof fields['setHeader'] === 'function') return 'res';
  return fields instanceof Error ? 'err' : undefined;
}

function without(bindings: Bindings, names: readonly string[]): Bindings {
  return Object.fromEntries(Object.entries(bindings).filter(([name]) => !names.includes(name)));
}

function merged(parent: ChildLoggerOptions, own: ChildLoggerOptions): ChildLoggerOptions {
  const { level: _, ...inherited } = parent;
  return { ...inherited, ...own, serializers: { ...parent.serializers, ...own.serializers } };
}

/** The process's root logger over `state`. */
export function rootLog(state: LogState): Log {
  const modules = new Map<string, Log>();
  const prototype = silentPino();

  const facade = (node: LogNode): Log => {
    const log: Log = Object.create(prototype);
    for (const level of Object.keys(LEVELS) as LevelName[]) {
      log[level] = (...args: unknown[]) => node.write(level, args);
    }
    return Object.defineProperties(log, {
      level: {
        get: () => nameOf(node.threshold),
        set: (level: unknown) => setLevel(node, state, level),
        enumerable: true,
      },
      levelVal: { get: () => node.threshold },
      isLevelEnabled: { value: (level: string) => node.enabled(isThreshold(level) ? numberOf(level) : 0) },
      child: {
        value: (bindings: Bindings = {}, options: ChildLoggerOptions = {}) => facade(node.child(bindings, options)),
      },
      bindings: { value: () => ({ ...node.bindings }) },
      setBindings: { value: (bindings: Bindings) => node.rebind(bindings) },
      flush: { value: (done?: (error?: Error) => void) => state.pair.app.flush(done) },
      module: { value: (name: string) => moduleOf(name) },
      requestLevel: { value: setRequestLevel },
    });
  };

  const root = new LogNode(state, undefined, NO_BINDINGS, {});
  const moduleOf = (name: string): Log => {
    const known = modules.get(name);
    if (known !== undefined) return known;
    const made = facade(root.child({ module: name }, {}));
    if (modules.size < MAX_MODULES) modules.set(name, made);
    return made;
  };
  return facade(root);
}

function setLevel(node: LogNode, state: LogState, level: unknown): void {
  if (!isThreshold(level)) {
    throw new TypeError(`fourlights: unknown level ${JSON.stringify(level)}; known: ${THRESHOLDS.join(', ')}`);
  }
  if (node.isRoot) state.threshold = numberOf(level);
  else node.ownThreshold = numberOf(level);
}

function setRequestLevel(level: Threshold): boolean {
  const context = store.getStore();
  if (context === undefined || !isThreshold(level)) return false;
  context.root.logLevel = numberOf(level);
  return true;
}

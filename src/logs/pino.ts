import { type ChildLoggerOptions, type DestinationStream, pino } from 'pino';
import type { Clock } from '../core/clock.js';
import type { Exchange } from '../core/exchange.js';
import type { LevelName } from './levels.js';
import { Cleaner } from './redaction.js';

export type Serializers = NonNullable<ChildLoggerOptions['serializers']>;
export type { Bindings, ChildLoggerOptions, DestinationStream, Logger as PinoLogger } from 'pino';

/** What every line says of the process. */
export interface Origin {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
}

/** Where lines go. `exchange`: the one that a line belongs to, where that is not the current one. */
export interface LineStream extends DestinationStream {
  write(line: string, exchange?: Exchange): void;
}

export interface PinoPair {
  /** For what the application logs: every line is cleaned. Writes all levels; thresholds are the logger's. */
  readonly app: pino.Logger;
  /** For the lines we build ourselves, which hold nothing to clean. */
  readonly own: pino.Logger;
  /** The same for fields of an exchange that are JSON already, from the first comma on: the access log's way past pino's. */
  line(level: LevelName, fields: string, event: string, exchange: Exchange): void;
  /** An error as pino shows it, as `,"err":...`; a bigint in it is a text. Throws for one that cannot be read. */
  errorField(failure: unknown): string;
  readonly cleaner: Cleaner;
}

const { err, req, res } = pino.stdSerializers;
const STANDARD = { err, req: ofObjects(req), res: ofObjects(res) };

/** pino's own throw at `null`, and a line must not be lost for that. */
function ofObjects<T extends object>(serialize: (value: T) => unknown): (value: unknown) => unknown {
  return (value) => (typeof value === 'object' && value !== null ? serialize(value as T) : value); // T is pino's wish
}

export function pinoPair(origin: Origin, redact: readonly string[], clock: Clock, destination: LineStream): PinoPair {
  const cleaner = new Cleaner(redact, err);
  const timestamp = isoTimestamp(clock);
  const begin = lineBegin(timestamp, `,${JSON.stringify({ ...origin }).slice(1, -1)}`);
  const serializers = cleaned(STANDARD, cleaner);
  const options = {
    level: 'trace',
    messageKey: 'event',
    base: { ...origin },
    timestamp,
    serializers,
  };
  const level = (label: string): { level: string } => ({ level: label });
  const log = (fields: Record<string, unknown>): Record<string, unknown> => cleaner.line(fields, isStandard);
  return {
    app: pino({ ...options, formatters: { level, log } }, destination),
    own: pino({ ...options, formatters: { level } }, destination),
    line: (name, fields, event, exchange) =>
      destination.write(`${begin(name)}${fields},"event":"${event}"}\n`, exchange),
    errorField: (failure) => {
      const text = textOf(serializers['err']?.(failure));
      return text === undefined ? '' : `,"err":${text}`;
    },
    cleaner,
  };
}

/** A serializer's own result is cleaned as well: an axios error carries the request's headers. */
export function cleaned(serializers: Serializers, cleaner: Cleaner): Serializers {
  return Object.fromEntries(
    Object.entries(serializers).map(([name, serialize]) => [name, (value: unknown) => cleaner.value(serialize(value))]),
  );
}

/** `undefined` for what JSON has no text for. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_name, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
  }
}

/** True for a field whose value goes through a serializer of ours. */
export function isStandard(name: string): boolean {
  return Object.hasOwn(STANDARD, name);
}

/** ISO 8601 in UTC with milliseconds; the text of the last millisecond is kept, as lines come in bursts. */
function isoTimestamp(clock: Clock): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const ms = clock.now();
    if (ms !== lastMs) {
      lastMs = ms;
      text = `,"timestamp":"${new Date(ms).toISOString()}"`;
    }
    return text;
  };
}

/** What comes before the fields; kept as one text as long as time and level are the same. */
function lineBegin(timestamp: () => string, base: string): (level: LevelName) => string {
  let last: { readonly level: LevelName; readonly time: string; readonly text: string } | undefined;
  return (level) => {
    const time = timestamp();
    if (last?.level === level && last.time === time) return last.text;
    last = { level, time, text: `{"level":"${level}"${time}${base}` };
    return last.text;
  };
}

/** An instance that writes nothing: the facade's prototype, so that tools which expect a pino logger find one. */
export function silentPino(): pino.Logger {
  return pino({ level: 'silent' }, { write: () => {} });
}

import { SERVICE_NAME } from '../../core/attributes.js';
import { LEVELS, type LevelName } from '../../logs/levels.js';
import { RESERVED } from '../../logs/reserved.js';
import { anyValue, attributesOf, idOf, isObject, type Json, numberOf, scopesIn, text, timeOf } from './values.js';

const MAX_RECORDS = 5000;
const LEVEL_NAMES = Object.keys(LEVELS) as LevelName[];

/** A log record of another service, written as one of our own lines. */
export interface ReceivedLine {
  readonly traceId: string;
  readonly line: string;
}

export interface ReceivedLines {
  readonly lines: readonly ReceivedLine[];
  /** Records of no trace, and those beyond the limit of a request. */
  readonly rejected: number;
}

/** The records of an ExportLogsServiceRequest that belong to a trace: others have no place in a waterfall. */
export function receivedLines(request: unknown): ReceivedLines {
  const lines: ReceivedLine[] = [];
  let rejected = 0;
  for (const { list, resource } of scopesIn(request, ['resourceLogs', 'scopeLogs', 'logRecords'])) {
    for (const record of list) {
      const line = lines.length < MAX_RECORDS ? lineOf(record, resource.attributes[SERVICE_NAME]) : undefined;
      if (line === undefined) rejected++;
      else lines.push(line);
    }
  }
  return { lines, rejected };
}

function lineOf(record: Json, service: unknown): ReceivedLine | undefined {
  const traceId = idOf(record['traceId'], 32);
  const time = timeOf(record['timeUnixNano']) ?? timeOf(record['observedTimeUnixNano']);
  if (traceId === undefined || time === undefined) return undefined;
  const attributes = attributesOf(record['attributes']);
  const body = anyValue(record['body']);
  const name = text(record['eventName']);
  const line = {
    timestamp: stamp(time),
    level: levelOf(record),
    event: name === '' && typeof body === 'string' ? body : name,
    service,
    correlation_id: attributes['correlation_id'],
    trace_id: traceId,
    span_id: idOf(record['spanId'], 16),
    ...own({ ...(isObject(body) && body), ...attributes }),
  };
  return { traceId, line: JSON.stringify(line) };
}

/** As in our own lines: what has the name of a reserved field stands under another. */
function own(fields: Json): Json {
  const renamed = Object.entries(fields)
    .filter(([name]) => name !== 'correlation_id')
    .map(([name, value]) => [RESERVED.has(name) ? `field.${name}` : name, value] as const);
  return Object.fromEntries(renamed);
}

/** A time beyond what a date can be is as good as none: the line then stands first. */
function stamp([seconds, nanoseconds]: readonly [number, number]): string {
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6));
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** Severity numbers 1 to 24, four for each level; a record may have but a text. */
function levelOf(record: Json): string {
  const number = numberOf(record['severityNumber']);
  const byNumber = LEVEL_NAMES[Math.floor((number - 1) / 4)];
  const byText = text(record['severityText']).toLowerCase();
  return byNumber ?? LEVEL_NAMES.find((name) => name === byText) ?? 'info';
}

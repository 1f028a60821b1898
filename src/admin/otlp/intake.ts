import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf } from '../../core/diagnostics.js';
import type { FinishedSpan } from '../../traces/export/finished-span.js';
import { spanMessages } from '../../traces/exporters/otlp-protobuf.js';
import type { Messages } from '../../traces/exporters/protobuf-message.js';
import type { KeptTraces } from '../../traces/kept.js';
import { isForeign } from '../access.js';
import { bodyOf } from '../body.js';
import type { GuestHandler, Routes } from '../routes.js';
import { receivedLines } from './lines.js';
import { logMessages } from './log-messages.js';
import { readMessage } from './protobuf-reader.js';
import { receivedSpans } from './spans.js';

const MAX_BODY = 4 * 1024 * 1024;
const MAX_UNZIPPED = 16 * 1024 * 1024;

const unzip = promisify(gunzip);

/** One signal that is taken: how its protobuf is read, and what becomes of a request in the shape of OTLP/JSON. */
interface Signal {
  readonly messages: Messages;
  readonly message: string;
  /** In the answer: how many were passed over. */
  readonly count: string;
  /** Answers how many were passed over. */
  take(request: unknown): number;
}

type Keeping = Pick<KeptTraces, 'join' | 'joinLine'>;

/** What is taken, by path: spans and log lines of services in any language join the traces that are kept here. For development. */
export function otlpIntakes(kept: Keeping): Routes {
  return {
    '/v1/traces': { handle: intake(spansInto(kept)) },
    '/v1/logs': { handle: intake(linesInto(kept)) },
  };
}

function spansInto(kept: Keeping): Signal {
  return {
    messages: spanMessages,
    message: 'TraceRequest',
    count: 'rejectedSpans',
    take(request) {
      const { spans, rejected } = receivedSpans(request);
      for (const group of byTrace(spans)) kept.join(group);
      return rejected;
    },
  };
}

function linesInto(kept: Keeping): Signal {
  return {
    messages: logMessages,
    message: 'LogsRequest',
    count: 'rejectedLogRecords',
    take(request) {
      const { lines, rejected } = receivedLines(request);
      for (const { traceId, line } of lines) kept.joinLine(traceId, line);
      return rejected;
    },
  };
}

function intake(signal: Signal): GuestHandler {
  /** How each content type is read, into what OTLP/JSON has. */
  const readers: Readonly<Record<string, (body: Buffer) => unknown>> = {
    'application/json': (body) => JSON.parse(body.toString('utf8')),
    'application/x-protobuf': (body) => readMessage(signal.messages, signal.message, body),
  };
  return async (request, response) => {
    if (request.method !== 'POST') return refuse(response, 405, 'send POST');
    if (isForeign(request)) return refuse(response, 403, 'telemetry may not come from a page of another origin');
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
    if (reader === undefined) return refuse(response, 415, `send ${Object.keys(readers).join(' or ')}`);
    const body = await bodyOf(request, MAX_BODY);
    if (body === undefined) return refuse(response, 413, `at most ${MAX_BODY} bytes`);
    let given: unknown;
    try {
      given = reader(await plain(body, request));
    } catch (cause) {
      return refuse(response, 400, `this is no ${type} of OTLP: ${messageOf(cause)}`);
    }
    answer(response, type, signal.take(given), signal.count);
  };
}

async function plain(body: Buffer, { headers }: IncomingMessage): Promise<Buffer> {
  return headers['content-encoding'] === 'gzip' ? unzip(body, { maxOutputLength: MAX_UNZIPPED }) : body;
}

function byTrace(spans: readonly FinishedSpan[]): Iterable<FinishedSpan[]> {
  const traces = new Map<string, FinishedSpan[]>();
  for (const span of spans) {
    const { traceId } = span.spanContext();
    const known = traces.get(traceId);
    if (known === undefined) traces.set(traceId, [span]);
    else known.push(span);
  }
  return traces.values();
}

/** An empty message says that all was taken; `partialSuccess`, field 1, that some was not. Its count is field 1 for either signal. */
function answer(response: ServerResponse, type: string, rejected: number, count: string): void {
  const json = rejected === 0 ? {} : { partialSuccess: { [count]: String(rejected) } };
  const body = type === 'application/json' ? Buffer.from(JSON.stringify(json)) : partialSuccess(rejected);
  response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
}

function partialSuccess(rejected: number): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const count: number[] = [];
  for (let rest = rejected; rest > 0; rest = Math.floor(rest / 128))
    count.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  return Buffer.from([0x0a, count.length + 1, 0x08, ...count]);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ message });
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

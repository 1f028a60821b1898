import type { HeaderBag } from '../../context/correlation.js';
import { firstOf } from './headers.js';
import type { Remote } from './propagator.js';
import { type Decision, remoteHint, remoteSpan } from './remote.js';

const TRACE_ID = /^(?:[0-9a-f]{16}){1,2}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const SINGLE = /^((?:[0-9a-f]{16}){1,2})-([0-9a-f]{16})(?:-([01d])(?:-[0-9a-f]{16})?)?$/;
const LONE_STATE = /^[01d]$/;

const STATES: ReadonlyMap<string | undefined, Decision> = new Map<string | undefined, Decision>([
  ['1', 'accept'],
  ['0', 'deny'],
  ['d', 'debug'],
]);

/** `true` and `false` are from before the specification, which lets them pass. */
const SAMPLED_HEADER: ReadonlyMap<string | undefined, Decision> = new Map<string | undefined, Decision>([
  ['1', 'accept'],
  ['true', 'accept'],
  ['0', 'deny'],
  ['false', 'deny'],
  [undefined, undefined],
]);

/**
 * B3 (https://github.com/openzipkin/b3-propagation), in one header or in several: the single one goes first, and of
 * repeated values the first. IDs are lower-case hex by the text, so upper case is illegal; a trace ID of 64 bits is
 * padded on the left. A decision may come alone, IDs may come without one, and debug means sampled.
 */
export function extractB3(headers: HeaderBag): Remote | undefined {
  const single = firstOf(headers, 'b3');
  return (single === undefined ? undefined : readSingle(single)) ?? readMulti(headers);
}

function readSingle(header: string): Remote | undefined {
  if (LONE_STATE.test(header)) return remoteHint(undefined, STATES.get(header), header);
  const fields = SINGLE.exec(header);
  if (fields === null) return undefined;
  const [, traceId = '', spanId = '', state] = fields;
  return remoteSpan(traceId, spanId, STATES.get(state), header);
}

/** The parent's parent (`x-b3-parentspanid`) is not needed and not read. */
function readMulti(headers: HeaderBag): Remote | undefined {
  const traceId = firstOf(headers, 'x-b3-traceid');
  const spanId = firstOf(headers, 'x-b3-spanid');
  const sampled = firstOf(headers, 'x-b3-sampled');
  const isDebug = firstOf(headers, 'x-b3-flags') === '1';
  if (!SAMPLED_HEADER.has(sampled)) return undefined;
  const decision = isDebug ? 'debug' : SAMPLED_HEADER.get(sampled);
  if (traceId === undefined && spanId === undefined) {
    return decision === undefined ? undefined : remoteHint(undefined, decision, '');
  }
  if (traceId === undefined || spanId === undefined || !TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) {
    return undefined;
  }
  return remoteSpan(traceId, spanId, decision, traceId);
}

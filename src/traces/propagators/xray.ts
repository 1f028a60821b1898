import { SAMPLED } from '../../context/traceparent.js';
import { textOf } from './headers.js';
import type { Propagator, Remote } from './propagator.js';
import { type Decision, remoteHint, remoteSpan } from './remote.js';

/** The three fields that are read take some 90 characters; a header beyond this is not of AWS. */
const MAX_CHARS = 1024;
const FIELD = /^(?:Root=1-([0-9a-f]{8})-([0-9a-f]{24})|Parent=([0-9a-f]{16})|Sampled=([01?]))$/i;
const KNOWN = /^(?:Root|Parent|Sampled)(?:=|$)/i;
const DECISIONS: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  ['1', 'accept'],
  ['0', 'deny'],
]);

/**
 * AWS X-Ray (`X-Amzn-Trace-Id`). Fields come in any order; `Self`, `Lineage` and whatever else there may be is passed
 * over, but a field that is known and illegal, or there twice, spoils the header. A load balancer that begins a trace
 * sends `Root` alone: a trace without a span.
 */
export const xray: Propagator = {
  name: 'xray',
  fields: ['x-amzn-trace-id'],
  extract(headers) {
    const header = textOf(headers, 'x-amzn-trace-id');
    return header === undefined || header.length > MAX_CHARS ? undefined : read(header);
  },
  inject({ traceId, spanId, flags, undecided }, set) {
    const sampled = undecided === true ? '?' : flags & SAMPLED;
    const root = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    set('x-amzn-trace-id', `Root=${root};Parent=${spanId};Sampled=${sampled}`);
  },
};

function read(header: string): Remote | undefined {
  let root: string | undefined;
  let parent: string | undefined;
  let sampled: string | undefined;
  for (const part of header.split(';')) {
    const field = part.trim();
    const found = FIELD.exec(field);
    if (found === null) {
      if (KNOWN.test(field)) return undefined;
      continue;
    }
    const [, epoch, unique, parentId, decision] = found;
    if (epoch !== undefined && root === undefined) root = `${epoch}${unique}`;
    else if (parentId !== undefined && parent === undefined) parent = parentId;
    else if (decision !== undefined && sampled === undefined) sampled = decision;
    else return undefined;
  }
  if (root === undefined) return undefined;
  const decision = sampled === undefined ? undefined : DECISIONS.get(sampled);
  return parent === undefined ? remoteHint(root, decision, header) : remoteSpan(root, parent, decision, header);
}

const SEND_EVERY_MS = 250;
const AT_ONCE = 500;

/**
 * The status page of one service, which also takes the spans and the log lines of the others: a developer's own tracing
 * server. What it does not take is no matter, as the runner has them too.
 * @param {{ pageUrl: string | undefined }} service
 */
export function pageOf({ pageUrl }) {
  if (pageUrl === undefined) return undefined;
  const post = (path, body) => {
    fetch(new URL(path, pageUrl), { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      .then((response) => response.arrayBuffer())
      .catch(() => {});
  };
  let lines = [];
  const timer = setInterval(() => {
    if (lines.length > 0) post('v1/logs', JSON.stringify({ resourceLogs: lines.map(resourceLogs) }));
    lines = [];
  }, SEND_EVERY_MS).unref();
  return {
    /** @param {string} body OTLP/JSON, as it came */
    spans: (body) => post('v1/traces', body),
    /** @param {Record<string, unknown>} line of one request, as its service wrote it */
    line(line) {
      if (line.trace_id !== undefined && lines.length < AT_ONCE) lines.push(line);
    },
    close: () => clearInterval(timer),
  };
}

/** What a collector makes of a line of JSON. */
function resourceLogs({ timestamp, level, event, service, trace_id, span_id, ...fields }) {
  const attributes = Object.entries(fields).map(([key, value]) => ({ key, value: anyValue(value) }));
  const record = {
    timeUnixNano: `${Date.parse(timestamp)}000000`,
    severityText: level,
    eventName: event,
    traceId: trace_id,
    spanId: span_id,
    attributes,
  };
  const name = { key: 'service.name', value: { stringValue: service } };
  return { resource: { attributes: [name] }, scopeLogs: [{ logRecords: [record] }] };
}

function anyValue(value) {
  if (typeof value === 'number') return { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return { stringValue: typeof value === 'string' ? value : JSON.stringify(value) };
}

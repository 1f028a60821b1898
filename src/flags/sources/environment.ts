import type { KillSource, SourceSink } from '../source.js';

/** Names of flags that are off, with commas between: it works when every other source is down, and off wins. */
const OFF = 'FOURLIGHTS_FLAGS_OFF';
/** A document as JSON, or the short form: `{"new_checkout": true, "button": "green"}`. */
const FLAGS = 'FOURLIGHTS_FLAGS';

type Environment = Readonly<Record<string, string | undefined>>;

/** Flags out of environment variables. They are read at each start and do not change meanwhile. */
export function environment(variables: Environment = process.env): KillSource {
  return {
    name: 'environment',
    off: () => namesIn(variables[OFF]),
    start: (sink) => offer(variables[FLAGS], sink),
    stop: () => {},
  };
}

function namesIn(list: string | undefined): readonly string[] {
  return [...new Set((list ?? '').split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

function offer(text: string | undefined, sink: SourceSink): void {
  if (text === undefined || text.trim() === '') return;
  const values = shortForm(text);
  sink.document(values === undefined ? text : JSON.stringify({ flags: values }));
}

/** `undefined` for a document, and for what is no JSON: the sink says what is wrong with it. */
function shortForm(text: string): Readonly<Record<string, object>> | undefined {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
  const isDocument = 'flags' in values && typeof values.flags === 'object';
  return isDocument ? undefined : Object.fromEntries(Object.entries(values).map(([key, value]) => [key, flag(value)]));
}

/** A boolean keeps its usual two variants, so that what reads the result finds `on` and `off` in it. */
function flag(value: unknown): object {
  if (typeof value === 'boolean') {
    return { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: value ? 'on' : 'off' };
  }
  return { state: 'ENABLED', variants: { value }, defaultVariant: 'value' };
}

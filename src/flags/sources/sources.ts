import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.js';
import { has, unknownName } from '../../core/table.js';
import type { Source } from '../source.js';
import { environment } from './environment.js';
import { file } from './file.js';
import { http } from './http.js';
import { memory } from './memory.js';
import { sse } from './sse.js';

type Make = (text: string, clock: Clock) => Source;

/** Sources with options that a text cannot say; `memory` is for tests. */
export const flagSources = { file, http, sse, memory, environment } as const;

/** Sources by the form of a text: what stands before the first colon. A new one is a file and a line here. */
export const sources = {
  file: (text, clock) => file(pathOf(text), { clock }),
  http: (text, clock) => http(text, { clock }),
  https: (text, clock) => http(text, { clock }),
  'sse+http': (text, clock) => sse(text.slice('sse+'.length), { clock }),
  'sse+https': (text, clock) => sse(text.slice('sse+'.length), { clock }),
  env: () => environment(),
} as const satisfies Readonly<Record<string, Make>>;

export type SourceForm = keyof typeof sources;

/**
 * The source that a text names: `./flags.json`, `file:///etc/flags.json`, `https://...` (polled), `sse+https://...`
 * (streamed), `env`. Throws for a form that is not known, naming those that are, and for what is no address.
 */
export function sourceOf(text: string, clock: Clock): Source {
  const form = formOf(text);
  if (!isForm(form)) throw new Error(`${unknownName('form of a source of flags', sources, form)}, or a path`);
  return sources[form](text, clock);
}

/** One letter and a colon is a drive. */
function formOf(text: string): string {
  if (text === 'env') return 'env';
  return /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase() ?? 'file';
}

function isForm(form: string): form is SourceForm {
  return has(sources, form);
}

function pathOf(text: string): string {
  if (text.startsWith('file://')) return fileURLToPath(text);
  return text.startsWith('file:') ? text.slice('file:'.length) : text;
}

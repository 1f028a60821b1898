import type { LogTail } from '../log-tail.js';
import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

/** Log lines as they are written, as server-sent events: `?level=warn&text=checkout`. */
export function log(_sources: AdminSources, { tail }: { readonly tail: LogTail }): Resource {
  return { stream: (query, request, response) => tail.watch(query, request, response) };
}

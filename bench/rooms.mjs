import * as against from './rooms/against.mjs';
import * as allocations from './rooms/allocations.mjs';
import * as flags from './rooms/flags.mjs';
import * as growth from './rooms/growth.mjs';
import * as parts from './rooms/parts.mjs';
import * as scrape from './rooms/scrape.mjs';
import * as service from './rooms/service.mjs';
import * as start from './rooms/start.mjs';

/**
 * What is measured, in the order in which it is told. A room has a `title`, `measure(bench, options)` and `markdown(result)`.
 * @type {Record<string, { title: string, measure: Function, markdown: (result: any) => string }>}
 */
export const rooms = { service, allocations, parts, flags, scrape, growth, start, against };

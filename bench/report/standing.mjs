/**
 * What stands in the way of a goal that is not reached, by its key in goals.mjs: said in docs/performance.md as long as the
 * figures say so. From profiles: `node profile.mjs`, `--heap-prof`.
 * @type {Record<string, string>}
 */
export const inTheWay = {};

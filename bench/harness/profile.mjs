import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './bench.mjs';

/** @typedef {{ name: string, place: string, owner: string, self: number }} Spent */

/** Self time in us, by function. @returns {Spent[]} */
export function cpuByFunction({ nodes, samples, timeDeltas }) {
  const self = new Map(nodes.map(({ id }) => [id, 0]));
  samples.forEach((id, at) => void self.set(id, self.get(id) + timeDeltas[at]));
  return byFunction(nodes.map(({ id, callFrame }) => ({ callFrame, self: self.get(id) })));
}

/** Bytes allocated, by function. @returns {Spent[]} */
export function bytesByFunction({ head }) {
  const all = [];
  const walk = ({ callFrame, selfSize, children }) => {
    all.push({ callFrame, self: selfSize });
    for (const child of children) walk(child);
  };
  walk(head);
  return byFunction(all);
}

function byFunction(all) {
  const functions = new Map();
  for (const { callFrame, self } of all) {
    if (isOfProfiler(callFrame)) continue;
    const key = `${callFrame.functionName} ${callFrame.url}:${callFrame.lineNumber}`;
    const found = functions.get(key);
    if (found) found.self += self;
    else functions.set(key, { name: callFrame.functionName || '(anonymous)', ...placed(callFrame), self });
  }
  return [...functions.values()].sort((a, b) => b.self - a.self);
}

/** Waiting, and the profiler's own start and end. */
const isOfProfiler = ({ functionName, url }) =>
  functionName === '(idle)' || url === 'node:inspector' || (functionName === 'dispatch' && url === '');

function placed({ url, lineNumber }) {
  if (url === '') return { place: '', owner: 'V8' };
  if (url.startsWith('node:')) return { place: `${url}:${lineNumber + 1}`, owner: 'node' };
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const [, owner] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (owner) return { place: `${path.slice(path.lastIndexOf('node_modules/') + 13)}:${lineNumber + 1}`, owner };
  if (path.includes('/dist/')) return { place: sourceOf(path, lineNumber), owner: 'fourlights' };
  return { place: `${relative(root, path)}:${lineNumber + 1}`, owner: 'bench' };
}

const read = new Map();

/** esbuild leaves the name of each source file above what came out of it. */
function sourceOf(path, lineNumber) {
  if (!read.has(path)) read.set(path, readFileSync(path, 'utf8').split('\n'));
  const lines = read.get(path);
  for (let line = lineNumber; line >= 0; line--) {
    if (lines[line].startsWith('// src/')) return `${lines[line].slice(3)} (built line ${lineNumber + 1})`;
  }
  return `${relative(root, path)}:${lineNumber + 1}`;
}

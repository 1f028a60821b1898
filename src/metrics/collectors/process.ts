import { getHeapStatistics } from 'node:v8';
import type { Collector, Labels } from '../family.js';
import { NO_LABELS } from '../labels.js';

const USER: Labels = { 'cpu.mode': 'user' };
const SYSTEM: Labels = { 'cpu.mode': 'system' };

/** CPU time, memory and age of this process. */
export function processMetrics(): Collector {
  return () => {
    const cpu = process.cpuUsage();
    const heap = getHeapStatistics();
    return [
      {
        ...{ type: 'counter', name: 'process.cpu.time', unit: 's', processWide: true },
        help: 'CPU time that the process has used.',
        action: 'rising per request: profile; near the quota: raise the quota or add replicas.',
        points: [
          { labels: USER, value: cpu.user / 1e6 },
          { labels: SYSTEM, value: cpu.system / 1e6 },
        ],
      },
      {
        ...{ type: 'gauge', over: 'sum', name: 'process.memory.usage', unit: 'By', processWide: true },
        help: 'Resident memory of the process.',
        action: 'growing without end: take a heap snapshot, then look at the limit.',
        points: [{ labels: NO_LABELS, value: process.memoryUsage.rss() }],
      },
      {
        ...{ type: 'gauge', over: 'sum', name: 'v8js.memory.heap.used', unit: 'By' },
        help: 'Heap that V8 uses, garbage not collected yet included.',
        action: 'a floor that rises after each major collection is a leak: compare two heap snapshots.',
        points: [{ labels: NO_LABELS, value: heap.used_heap_size }],
      },
      {
        ...{ type: 'gauge', over: 'max', name: 'v8js.memory.heap.max', unit: 'By' },
        help: 'Heap that V8 may use (--max-old-space-size and the young generation).',
        action: 'raise it when the heap is full and nothing leaks.',
        points: [{ labels: NO_LABELS, value: heap.heap_size_limit }],
      },
      {
        ...{ type: 'gauge', over: 'max', name: 'process.uptime', unit: 's', processWide: true },
        help: 'Time since the process began.',
        action: 'falling back again and again: a crash loop; read the last lines of its log.',
        points: [{ labels: NO_LABELS, value: process.uptime() }],
      },
    ];
  };
}

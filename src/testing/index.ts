export { type CapturedLogs, capturedLogs } from './captured-logs.js';
export { type ManualClock, manualClock } from './manual-clock.js';
export { type MemoryExporter, memoryExporter } from './memory-exporter.js';

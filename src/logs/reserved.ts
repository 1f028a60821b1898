/** Fields of every line. They belong to the library; the status page shows them apart from those of the application. */
export const RESERVED: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'event',
  'service',
  'version',
  'environment',
  'correlation_id',
  'trace_id',
  'span_id',
]);

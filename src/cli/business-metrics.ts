import type { BusinessMetric } from '../alerts/generate/business-query.js';
import { business } from '../metrics/collectors/business.js';
import { sampleName } from '../metrics/format.js';
import { labelName } from '../metrics/prometheus-name.js';
import { declarations } from '../signals/business.js';

/** What the modules that were loaded have declared, under the names that /metrics gives it. */
export function businessMetric(name: string): BusinessMetric | undefined {
  const all = declarations();
  const index = all.findIndex((one) => one.name === name);
  const declared = all[index];
  const family = business(() => all)()[index];
  if (declared === undefined || family === undefined) return undefined;
  const { kind, attributes } = declared;
  return { kind, metric: sampleName(family), labels: Object.keys(attributes).map(labelName) };
}

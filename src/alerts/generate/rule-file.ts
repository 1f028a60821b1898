import type { Labels } from './rule-text.js';

/** As Prometheus reads its rule files; keys as they stand there. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Labels | undefined;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string | undefined;
  /** Prometheus 2.42 and later. */
  readonly keep_firing_for?: string | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
}

import type { Objective } from '../alerts/objective.js';
import type { AlertRule } from '../alerts/rule.js';
import type { SinkSource } from '../alerts/sinks/sinks.js';

/** Which rules and objectives are watched, every 10 s, and where their alerts go. */
export interface AlertOptions {
  /** Also the rules that come with the library: errors, latency, saturation, dependencies, traffic, telemetry. @default true */
  readonly defaults?: boolean | undefined;
  /** Rules; those of `alert()` come on top. @default none */
  readonly rules?: readonly AlertRule[] | undefined;
  /** Objectives; those of `slo()` come on top. @default none */
  readonly objectives?: readonly Objective[] | undefined;
  /**
   * Where alerts go: `log`, `webhook:https://...`, `slack:https://...`, `alertmanager:http://...`, an object with `headers`, a
   * function, or a sink of your own. @default `['log']`
   */
  readonly sinks?: readonly SinkSource[] | undefined;
}

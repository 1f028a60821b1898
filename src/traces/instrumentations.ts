import { diagnostics } from '../core/diagnostics.js';

/** As far as OpenTelemetry's instrumentations are looked at here. */
interface Instrumentation {
  readonly instrumentationName?: unknown;
  getConfig?(): object;
  setConfig?(config: object): void;
  disable?(): void;
}

const HTTP = '@opentelemetry/instrumentation-http';
/** Its fetch: this one has no half to leave on. */
const UNDICI = '@opentelemetry/instrumentation-undici';

/**
 * The application's instrumentations, flat as `getNodeAutoInstrumentations()` nests them, without their own spans of what
 * we make spans of: a request or a call must not stand twice in a trace. Says so once.
 */
export function besideOurs(given: readonly unknown[]): unknown[] {
  const all = given.flat(Number.POSITIVE_INFINITY);
  for (const each of all as Instrumentation[]) {
    if (each?.instrumentationName === HTTP) {
      const off = { disableIncomingRequestInstrumentation: true, disableOutgoingRequestInstrumentation: true };
      each.setConfig?.({ ...each.getConfig?.(), ...off });
      tell(HTTP);
    } else if (each?.instrumentationName === UNDICI) {
      each.disable?.();
      tell(UNDICI);
    }
  }
  return all.filter((each) => (each as Instrumentation)?.instrumentationName !== UNDICI);
}

function tell(name: string): void {
  diagnostics.warn(
    `instrumentation ${name}`,
    `${name} is left without work: fourlights makes the spans of requests and calls itself. Remove it from traces.instrumentations.`,
  );
}

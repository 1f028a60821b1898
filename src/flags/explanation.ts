import { compileRule } from './compile.js';
import type { CompiledFlag } from './flag.js';
import type { Outcome } from './outcome.js';
import type { Layer } from './overlay.js';
import type { Bucket, TraceStep } from './rule.js';
import type { Scope } from './scope.js';

/** Why a flag is what it is for one context: for people, and slow beside a check. */
export interface Explanation {
  readonly key: string;
  /** As `details` gives it, `null` where the caller's fallback would serve. */
  readonly value: unknown;
  readonly variant: string | undefined;
  readonly reason: string;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  /** What decided. */
  readonly by: Layer | 'document' | 'source' | 'nothing';
  readonly source: string;
  /** JSON path of the branch that was taken, `targeting` for a rule without branches; `undefined`: no rule was asked. */
  readonly rule: string | undefined;
  /** The split that decided, if one did. */
  readonly bucket: Bucket | undefined;
  /** Every operator that ran, the innermost first. */
  readonly steps: readonly TraceStep[];
}

/** Enough for any rule that people read. */
const MAX_STEPS = 1000;

export function explanation(
  outcome: Outcome | undefined,
  key: string,
  by: Explanation['by'],
  source: string,
  steps: readonly TraceStep[],
): Explanation {
  const taken = steps.findLast(({ operator }) => operator === 'branch');
  return {
    key,
    value: outcome?.value ?? null,
    variant: outcome?.variant,
    reason: outcome?.reason ?? 'ERROR',
    errorCode: outcome?.errorCode,
    errorMessage: outcome?.errorMessage,
    by,
    source,
    rule: taken?.path ?? (steps.length === 0 ? undefined : 'targeting'),
    bucket: steps.findLast(({ bucket }) => bucket !== undefined)?.bucket,
    steps,
  };
}

/** Runs a flag's rule once more, telling each step. */
export function tracedSteps({ definition, fixed }: CompiledFlag, scope: Scope): TraceStep[] {
  const steps: TraceStep[] = [];
  if (definition?.targeting === undefined || fixed !== undefined) return steps;
  const trace = (step: TraceStep): void => {
    if (steps.length < MAX_STEPS) steps.push(step);
  };
  scope.visits = 0;
  try {
    compileRule(definition.targeting, { flagKey: definition.key, trace })(scope);
  } catch {
    // Where the steps end, the rule threw.
  }
  return steps;
}

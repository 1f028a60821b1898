import type { Exchange } from '../../src/core/exchange.js';
import { FlagClient } from '../../src/flags/client.js';
import { type MemorySource, memory } from '../../src/flags/sources/memory.js';
import type { RolloutEvent } from '../../src/rollouts/guard-event.js';
import type { GuardPlan } from '../../src/rollouts/guard-plan.js';
import { Rollouts } from '../../src/rollouts/rollouts.js';
import type { RolloutsOptions } from '../../src/rollouts/rollouts-options.js';
import { Variants } from '../../src/signals/variants.js';
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.js';
import { seeded } from './random.js';

export const TICK_MS = 10_000;

/** How requests come out, by variant: share of errors, and seconds. */
export interface Habits {
  readonly errors: number;
  readonly seconds: number;
}

export interface Town {
  readonly clock: ManualClock;
  readonly flags: FlagClient;
  readonly source: MemorySource;
  readonly rollouts: Rollouts;
  readonly events: RolloutEvent[];
  readonly variants: Variants;
  habits: Record<string, Habits>;
  /** Ticks of traffic: so many requests of different users in each. */
  live(ticks: number, requests?: number): void;
  /** Who is in, of a thousand users. */
  inside(): string[];
}

export const SOUND: Habits = { errors: 0.01, seconds: 0.05 };

export function town(
  plan: GuardPlan | undefined,
  more: Partial<RolloutsOptions> & { flag?: object; clock?: ManualClock; source?: MemorySource; seed?: number } = {},
): Town {
  const { flag = {}, clock = manualClock(), seed = 7, ...options } = more;
  const document = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', ...flag };
  const source = more.source ?? memory({ flags: { checkout: document } });
  const variants = new Variants(clock);
  const flags = new FlagClient(clock);
  const events: RolloutEvent[] = [];
  const plans = plan === undefined ? {} : { checkout: plan };
  const rollouts = new Rollouts({
    clock,
    flags,
    variants,
    plans,
    events: [(event) => 'version' in event && events.push(event)],
    ...options,
  });
  rollouts.start();
  flags.start({ sources: [source] });
  const random = seeded(seed);
  let users = 0;
  const made: Town = {
    clock,
    flags,
    source,
    rollouts,
    events,
    variants,
    habits: { on: SOUND, off: SOUND },
    live: (ticks, requests = 1000) => {
      for (let tick = 0; tick < ticks; tick++) {
        for (let i = 0; i < requests; i++) {
          const { variant } = flags.details('checkout', false, { targetingKey: `user-${users++}` });
          if (variant === undefined) continue;
          const { errors, seconds } = made.habits[variant] ?? SOUND;
          variants.record('checkout', variant, ended(clock, random() < errors, seconds * (0.5 + random())));
        }
        clock.advance(TICK_MS);
      }
    },
    inside: () =>
      Array.from({ length: 1000 }, (_, i) => `who-${i}`).filter((targetingKey) =>
        flags.boolean('checkout', false, { targetingKey }),
      ),
  };
  return made;
}

/** What is read of an exchange that has ended. */
function ended(clock: ManualClock, failed: boolean, seconds: number): Exchange {
  const lastByteMs = clock.monotonic();
  const outcome = failed ? 'error' : 'ok';
  return {
    outcome,
    lastByteMs,
    startedMs: lastByteMs - seconds * 1000,
    durationMs: seconds * 1000,
    status: failed ? 500 : 200,
  } as Exchange;
}

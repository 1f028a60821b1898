import { Redis } from 'ioredis';
import { redis } from '../../../src/adapters/redis.js';
import { type Clock, systemClock } from '../../../src/core/clock.js';
import type { Exchange } from '../../../src/core/exchange.js';
import { FlagClient } from '../../../src/flags/client.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { Rollouts } from '../../../src/rollouts/rollouts.js';
import { Variants } from '../../../src/signals/variants.js';
import { seeded } from '../../rollouts/random.js';

/** One process of a fleet: makes its own requests, and says of each step when it happened. */
const client = new Redis(Number(process.env['REDIS_PORT']), '127.0.0.1', {
  retryStrategy: () => 100,
  maxRetriesPerRequest: null,
});
client.on('error', () => {});

const TICK_MS = 500;
let ticks = 0;
/** Each look comes when it is due, however late the machine is: what a guard leaves out of its count after a stall is not lost by the store. */
const punctual: Clock = {
  now: systemClock.now,
  monotonic: () => ticks * TICK_MS,
  every: (intervalMs, work) =>
    systemClock.every(intervalMs, () => {
      if (intervalMs === TICK_MS) ticks++;
      work();
    }),
};
const variants = new Variants(systemClock);
const flags = new FlagClient(systemClock);
const tell = (message: object): void => void process.send?.(message);
const rollouts = new Rollouts({
  clock: punctual,
  flags,
  variants,
  store: redis(client),
  intervalMs: TICK_MS,
  plans: { checkout: { stages: [20, 100], minHold: '10m' } },
  events: [({ event, by, reason, at }) => tell({ event, by, reason, at })],
});
rollouts.start();
flags.start({ sources: [memory({ flags: { checkout: { rollout: 50 } } })] });

const random = seeded(process.pid);
let errors = 0;
let shown = 0;
let users = 0;
let isBusy = true;
const traffic = setInterval(() => {
  for (let i = 0; i < 10 && isBusy; i++) {
    const { variant, value } = flags.details<boolean>('checkout', false, { targetingKey: `${process.pid}-${users++}` });
    if (value === true) shown++;
    if (variant === undefined) continue;
    const lastByteMs = systemClock.monotonic();
    const outcome = random() < (variant === 'on' ? errors : 0.01) ? 'error' : 'ok';
    variants.record('checkout', variant, {
      outcome,
      lastByteMs,
      durationMs: 10,
      startedMs: lastByteMs - 10,
    } as Exchange);
  }
}, 20);

process.on('message', (order: { errors?: number; busy?: boolean; report?: true; stop?: true }) => {
  isBusy = order.busy ?? isBusy;
  if (order.errors !== undefined) errors = order.errors;
  if (order.report === true) {
    const [state] = rollouts.states();
    const counted = state?.evidence?.canaries['on']?.[0]?.canary.total ?? 0;
    tell({
      status: state?.status,
      shown,
      counted,
      reason: flags.details('checkout', true, { targetingKey: 'x' }).reason,
    });
    shown = 0;
  }
  if (order.stop === true) {
    clearInterval(traffic);
    void rollouts.stop();
    client.disconnect();
    process.disconnect();
  }
});

// What is read now and then: a snapshot, one look of a guarded rollout at its evidence.
import { bundled } from '../harness/bundle.mjs';
import { exchange } from '../workers/exchange.mjs';

const EXPORTS = [
  "{ Signals } from './src/signals/signals.ts'",
  "{ systemClock } from './src/core/clock.ts'",
  "{ town } from './test/rollouts/town.ts'",
];
const EACH = 500;
/** Never decided, so that each look is at all of the evidence. */
const OPEN_PLAN = { stages: [50, 100], minHold: '8000h', maxHold: '8760h' };

export async function open({ source }) {
  const { Signals, systemClock, town } = await bundled(EXPORTS, source);
  const withRoutes = (count) => {
    const signals = new Signals(systemClock, () => ({}));
    for (let i = 0; i < count * EACH; i++) {
      signals.end(exchange(`/api/r${i % count}/:id`, 'GET', 200, performance.now()));
    }
    return signals;
  };
  const [one, many] = [withRoutes(1), withRoutes(200)];
  const { live } = town(OPEN_PLAN);
  live(60); // ten minutes of 100 requests per second
  return {
    calls: {
      'snapshot of 1 route': () => one.snapshot(),
      'snapshot of 200 routes': () => many.snapshot(),
      'evidence, one look (and 4 requests)': () => live(1, 4),
    },
    batch: 2,
  };
}

import { Ledger, type Sums } from '../evidence-sums.js';
import { type Decision, outranks } from '../guard-decision.js';
import type { RolloutStore } from './store.js';

/** A store that is gone with the process. Several `Rollouts` of one process may share it. */
export function memory(): RolloutStore {
  const decisions = new Map<string, Decision>();
  const sums = new Map<string, Ledger>();
  const listeners = new Set<(decision: Decision) => void>();
  return {
    name: 'memory',
    start: (news) => void listeners.add(news),
    load: async (flag) => decisions.get(flag),
    decide: async (decision) => {
      const known = decisions.get(decision.flag);
      if (known !== undefined && !outranks(decision, known)) return known;
      decisions.set(decision.flag, decision);
      for (const news of listeners) news(decision);
      return decision;
    },
    add: async (part, increments: Sums, oldest) => {
      const ledger = sums.get(part) ?? new Ledger();
      sums.set(part, ledger);
      ledger.add(increments);
      ledger.forget(oldest);
      return ledger.read();
    },
    stop: () => listeners.clear(),
  };
}

import { http, https, isHttpsLoaded } from '../core/node-http.js';
import { httpAgent as agentKind } from './pools/http-agent.js';
import { fullerOf, poolReading } from './pools/pool.js';
import type { Probe } from './probe.js';

interface AgentSources {
  readonly agents?: () => readonly object[];
}

/**
 * The agents that `http.request` and `https.request` use unless told otherwise: (sockets in use + requests that wait for
 * one) / `maxSockets`, of the origin nearest to its limit. By default Node sets no limit, and then nothing waits: 0.
 *
 * Readings: `used_count`, `idle_count`, `waiting_count`, `max_count` where there is a limit.
 */
export function httpAgent({ agents = agentsInUse }: AgentSources = {}): Probe {
  return {
    name: 'http-agent',
    // Asked for each time: a program may put its own agent there.
    sample: () => {
      const readings = agents().map((agent) => {
        const reader = agentKind.open(agent);
        if (reader === undefined) throw new Error('the global agent has none of the fields of http.Agent');
        return reader.read(agent);
      });
      return poolReading(readings.reduce(fullerOf));
    },
  };
}

function agentsInUse(): object[] {
  return isHttpsLoaded() ? [http.globalAgent, https().globalAgent] : [http.globalAgent];
}
